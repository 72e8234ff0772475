"""What a ranking takes and what it says. Values, nothing else: they cost nothing to load."""

from enum import StrEnum

from msgspec import Struct


class Score(Struct, frozen=True, order=True):
    """What one juror gave one entry. `entry` and `juror` are ids, any text; `score` is in points, from 0 to 100."""

    entry: str
    juror: str
    score: float


class Variances(Struct, frozen=True):
    """How much scores differ, in squared points, and why.

    `error`: one juror reading one entry, beyond the other two; above 0. `entry`: the entries themselves. `juror`: how
    strict jurors are. Both are 0 where they do not differ at all.
    """

    error: float
    entry: float
    juror: float


class Basis(StrEnum):
    """Where the variances come from."""

    GIVEN = "given"
    """Whoever asked gave them."""
    FIXED = "fixed"
    """The panel is too small to estimate them: they are the published ones."""
    ESTIMATED = "estimated"
    """They were estimated from the scores (REML)."""


class RankedEntry(Struct, frozen=True):
    """One entry. Points unless told otherwise.

    `rank` counts from 1; entries that are equal share it, and the next is as much further down (1, 1, 3). `raw` is the
    mean of its `reads` scores. `adjusted` is what it is worth with its jurors' strictness taken out, drawn towards the
    mean by how little is known; it is not clipped to 0..100. `standard_error` is that of `adjusted`. `p_above_next`:
    the probability that it is worth more than the entry listed after it, None for the last. `p_top_k`: that it is among
    the best k, None where no k was asked for. Where the panel is not connected only `raw` and `reads` are known.
    """

    entry: str
    rank: int | None
    raw: float
    adjusted: float | None
    standard_error: float | None
    p_above_next: float | None
    p_top_k: float | None
    reads: int


class RankedJuror(Struct, frozen=True):
    """One juror, who scored `reads` entries.

    `severity`: by how many points they score under the panel (below 0: over it), drawn towards 0 by how little is
    known; None where the panel is not connected.
    """

    juror: str
    severity: float | None
    reads: int


class Ranking(Struct, frozen=True):
    """The entries by rank (equal ones by id, which tells nothing), the jurors by id.

    `mean`: the generalised least squares intercept, in points. `mean`, `variances` and `basis` are None where the panel
    is not connected; the entries then stand by id.
    """

    mean: float | None
    variances: Variances | None
    connected: bool
    entries: tuple[RankedEntry, ...]
    jurors: tuple[RankedJuror, ...]
    basis: Basis | None
