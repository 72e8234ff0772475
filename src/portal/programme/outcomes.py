"""What came of a pilot, as counts that tell of nobody: made once, of at least ten firms. Pure.

Every figure published splits all firms counted into parts of at least `LEAST` each, or is not published. So no
figure, and no difference of two, is about fewer firms than that.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from portal.assessments.catalogue import Catalogue
from portal.assessments.sheets.assessing import counted
from portal.assessments.sheets.scoring import overall
from portal.assessments.sheets.storage import KeptSheet
from portal.programme.admitting import LEAST
from portal.programme.contributing import is_assessment

EDGES = (0, 10, 20)
"""Points by which a score rose: not at all, by up to ten, by up to twenty, by more."""


class Standing(Struct, frozen=True):
    """How a firm stands. `low`: its score at worst; `short`: the solution's questions that surely fall short."""

    low: float
    short: tuple[str, ...] = ()


class Band(Struct, frozen=True):
    """So many `firms` of which the score rose by more than `over` points and at most `to`; None is no bound."""

    over: int | None
    to: int | None
    firms: int


class Closed(Struct, frozen=True):
    """So many `firms` had that gap (a question's id) before and have it no more."""

    id: str
    firms: int


class Outcome(Struct, frozen=True):
    """What is published. `firms`: None where fewer than ten are counted; then all else is empty."""

    firms: int | None = None
    closed: tuple[Closed, ...] = ()
    bands: tuple[Band, ...] = ()


def standing(kept: KeptSheet, catalogue: Catalogue, closes: Iterable[str]) -> Standing | None:
    """How a firm stands by its sheet; None where that is no assessment."""
    sheet = kept.as_of(catalogue)
    if not is_assessment(catalogue, sheet):
        return None
    items = counted(catalogue, sheet, kept.inspected).items
    score = overall(items)
    wanted = frozenset(closes)
    short = tuple(sorted(item.id for item in items if not item.domain and item.id in wanted and item.is_short))
    return Standing(score.low, short) if score else None


def outcome(pairs: Sequence[tuple[Standing, Standing]], closes: Iterable[str]) -> Outcome:
    """What may be told of these firms, each before and after."""
    if len(pairs) < LEAST:
        return Outcome()
    closed = [Closed(name, sum(name in was.short and name not in now.short for was, now in pairs)) for name in closes]
    told = tuple(each for each in closed if min(each.firms, len(pairs) - each.firms) >= LEAST)
    return Outcome(len(pairs), told, _bands([now.low - was.low for was, now in pairs]))


def _bands(rises: Sequence[float]) -> tuple[Band, ...]:
    """Neighbours together until each has enough; none where only one would be left."""
    made: list[Band] = []
    over: int | None = None
    for to in (*EDGES, None):
        firms = sum((over is None or rise > over) and (to is None or rise <= to) for rise in rises)
        if firms >= LEAST:
            made.append(Band(over, to, firms))
            over = to
    if made and made[-1].to is not None:  # the highest ones are too few for themselves
        last = made.pop()
        made.append(Band(last.over, None, sum(last.over is None or rise > last.over for rise in rises)))
    return tuple(made) if len(made) > 1 else ()
