"""What the chair has before them when the jury meets: the locked round, entry by entry, and where jurors disagree."""

from collections.abc import Callable, Mapping, Sequence
from statistics import stdev
from uuid import UUID

from msgspec import Struct

from challenge.deciding import brackets
from challenge.ranking.result import RankedEntry
from portal.accounts.viewer import Viewer
from portal.awards import decisions, reading, standings
from portal.awards.band import Row, Scored, row
from portal.awards.decisions import NOTHING, Choice
from portal.awards.reading import Read
from portal.awards.standings import KnownStanding
from portal.calls.service import KnownCall
from portal.entries.service import SubmittedEntry
from portal.juries.people import KnownJuror
from portal.juries.service import KnownRound
from portal.juries.tables import Conflict


class Placed(Struct, frozen=True):
    """One entry of a track. `ranked`: what the standing says of it; `bracket`: which run of unsure places it is in.

    `range`, `deviation`: how far apart the jurors' totals are, in points; the latter is None of a single one.
    `criteria`: by criterion, its marks in the jurors' order.
    """

    entry: SubmittedEntry
    ranked: RankedEntry
    bracket: int | None
    reads: tuple[Read, ...]
    drawn: Row
    range: float
    deviation: float | None
    criteria: Mapping[str, tuple[int, ...]]
    choice: Choice


class Board(Struct, frozen=True):
    """A track of a locked round, from the best on. `hidden`: entries that the viewer is too close to."""

    standing: KnownStanding
    placed: tuple[Placed, ...]
    hidden: int


ORDERS: Mapping[str, Callable[[Placed], tuple[float, int]]] = {
    "rank": lambda each: (-(each.ranked.adjusted if each.ranked.adjusted is not None else each.ranked.raw), 0),
    "disagreement": lambda each: (-each.range, 0),
    "raw": lambda each: (-each.ranked.raw, 0),
    "reads": lambda each: (-each.ranked.reads, 0),
    "number": lambda each: (0, each.entry.number),
}
"""By what the chair's table can stand; `disagreement` has the widest first."""


async def board(call: KnownCall, round_: KnownRound, track: str) -> Board | None:
    """As organisers see it; None where nothing of the track was scored, or the round is not locked."""
    standing = (await standings.of_round(round_.id)).get(track)
    if standing is None:
        return None
    entered = {str(each.number): each for each in await reading.entered(round_, track)}
    reads, chosen = reading.by_entry(await reading.reads_of(round_)), await decisions.of_round(round_.id)
    bracket_of = {entry: place for place, run in enumerate(brackets(standing.ranking)) for entry in run}
    placed = tuple(
        _placed(call, entered[each.entry], each, bracket_of.get(each.entry), reads, chosen)
        for each in standing.ranking.entries
        if each.entry in entered
    )
    return Board(standing, placed, hidden=0)


async def board_for(call: KnownCall, round_: KnownRound, track: str, chair: KnownJuror, viewer: Viewer) -> Board | None:
    """The same without what the chair is too close to."""
    whole = await board(call, round_, track)
    if whole is None:
        return None
    held = await Conflict.select(Conflict.organisation).where(
        Conflict.juror == chair.id,
        Conflict.holds.eq(True),  # noqa: FBT003 - a column's value
    )
    close: set[UUID] = {each["organisation"] for each in held} | viewer.startups
    seen = tuple(each for each in whole.placed if each.entry.organisation not in close)
    return Board(whole.standing, seen, hidden=len(whole.placed) - len(seen))


def ordered(placed: Sequence[Placed], by: str) -> list[Placed]:
    """By what was asked for; by disagreement where that is nothing we know."""
    return sorted(placed, key=ORDERS.get(by, ORDERS["disagreement"]))


def _placed(  # noqa: PLR0913, PLR0917 - what is known of one entry, from where it is known
    call: KnownCall,
    entry: SubmittedEntry,
    ranked: RankedEntry,
    bracket: int | None,
    reads: Mapping[UUID, Sequence[Read]],
    chosen: Mapping[UUID, Choice],
) -> Placed:
    own = tuple(reads.get(entry.id, ()))
    totals = [each.total for each in own if each.total is not None]
    slugs = [each.slug for each in call.cities]
    return Placed(
        entry=entry,
        ranked=ranked,
        bracket=bracket,
        reads=own,
        drawn=row(ranked, [_scored(each, slugs) for each in own]),
        range=max(totals) - min(totals) if totals else 0.0,
        deviation=stdev(totals) if len(totals) > 1 else None,
        criteria={
            each.id: tuple(read.marks[each.id] for read in own if each.id in read.marks) for each in call.terms.criteria
        },
        choice=chosen.get(entry.id, NOTHING),
    )


def _scored(read: Read, slugs: Sequence[str]) -> Scored:
    kind = slugs.index(read.city) if read.city in slugs else len(slugs)
    return Scored(read.juror_number, read.total or 0.0, kind, read.city)
