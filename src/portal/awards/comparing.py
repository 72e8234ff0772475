"""The final in pairs, for those who want it: jurors say of two entries which is better. It stands beside the scores."""

from collections.abc import Sequence
from itertools import combinations
from uuid import UUID, uuid4

from msgspec import Struct

from challenge import pairwise
from challenge.terms import PhaseKind
from portal.awards import reading
from portal.database import hold, now, rows, transaction
from portal.entries.service import SubmittedEntry
from portal.errors import NotAllowedError
from portal.juries import service as juries
from portal.juries.people import KnownJuror
from portal.juries.service import KnownRound
from portal.juries.tables import Conflict, Reading, ReadState

_SAID = """
    SELECT juror.number AS juror, better.number AS better, worse.number AS worse
    FROM comparison JOIN juror ON juror.id = comparison.juror
    JOIN entry AS better ON better.id = comparison.better JOIN entry AS worse ON worse.id = comparison.worse
    WHERE comparison.round = {} AND better.withdrawn_at IS NULL AND worse.withdrawn_at IS NULL
    ORDER BY juror.number, better.number, worse.number
"""
_OWN = "SELECT better, worse FROM comparison WHERE round = {} AND juror = {}"
_FORGET = "DELETE FROM comparison WHERE round = {} AND juror = {} AND better = {} AND worse = {}"
_SAY = """
    INSERT INTO comparison (id, round, juror, better, worse, said_at) VALUES ({}, {}, {}, {}, {}, {})
    ON CONFLICT (round, juror, better, worse) DO NOTHING
"""

Pair = tuple[SubmittedEntry, SubmittedEntry]


class Said(Struct, frozen=True):
    """A juror's word on two entries, all by their numbers."""

    juror: int
    better: int
    worse: int


class Work(Struct, frozen=True):
    """What a juror has of it: `left`: pairs to compare, of `pairs` that there are for them."""

    left: tuple[Pair, ...]
    pairs: int


async def work_of(round_: KnownRound, juror: KnownJuror) -> Work:
    """The pairs of a track of what the juror has read and scored in the final.

    Raises:
        NotAllowedError: it is no final, or the juror has still something to read: first the scores, then the pairs.
    """
    own = await _scored(round_, juror)
    said = {frozenset((row["better"], row["worse"])) for row in await rows(_OWN, round_.id, juror.id)}
    pairs = [(one, other) for one, other in combinations(own, 2) if one.track == other.track]
    left = tuple(pair for pair in pairs if frozenset((pair[0].id, pair[1].id)) not in said)
    return Work(left, len(pairs))


async def say(round_: KnownRound, juror: KnownJuror, better: int, worse: int) -> None:
    """Keeps it; saying the contrary later takes its place.

    Raises:
        NotAllowedError: the round is over, or one of the two is not theirs to compare.
    """
    own = {each.number: each for each in await _scored(round_, juror)}
    if better == worse or better not in own or worse not in own or own[better].track != own[worse].track:
        raise NotAllowedError
    async with transaction():
        await juries.require_open(round_.id)
        await hold(f"comparing:{juror.id}")
        high, low = own[better].id, own[worse].id
        await rows(_FORGET, round_.id, juror.id, low, high)
        await rows(_SAY, uuid4(), round_.id, juror.id, high, low, await now())


async def of_round(round_: KnownRound, track: str | None = None) -> list[Said]:
    """Everything that was said, once the round is locked; of one track where it is given."""
    if round_.locked_at is None:
        return []
    inside = {each.number for each in await reading.entered(round_, track)}
    found = [Said(**row) for row in await rows(_SAID, round_.id)]
    return [each for each in found if each.better in inside and each.worse in inside]


def as_values(said: Sequence[Said]) -> list[pairwise.Comparison]:
    """As `challenge.pairwise` takes them."""
    return [pairwise.Comparison(str(each.better), str(each.worse)) for each in said]


async def _scored(round_: KnownRound, juror: KnownJuror) -> list[SubmittedEntry]:
    """What the juror has handed in, and is not too close to."""
    if round_.kind is not PhaseKind.FINAL:
        raise NotAllowedError
    given = await Reading.select(Reading.entry, Reading.state).where(
        Reading.round == round_.id, Reading.juror == juror.id
    )
    entered = await reading.entered(round_)
    states = {row["entry"]: ReadState(row["state"]) for row in given}
    if any(states.get(each.id) is ReadState.OPEN for each in entered):
        raise NotAllowedError
    close = await Conflict.select(Conflict.organisation).where(Conflict.juror == juror.id, Conflict.holds.eq(True))  # noqa: FBT003 - a column's value
    too_close: set[UUID] = {row["organisation"] for row in close}
    return [each for each in entered if states.get(each.id) is ReadState.DONE and each.organisation not in too_close]
