"""What a jury does in a round, as organisers are told it: first how far it is, and once it is locked what it said."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from portal.calls.service import KnownCall
from portal.database import rows
from portal.entries import service as entries
from portal.entries.service import SubmittedEntry
from portal.juries import service as juries
from portal.juries.service import KnownRound
from portal.juries.tables import ReadState

_READINGS = """
    SELECT reading.entry, reading.juror, juror.number AS juror_number, city.slug AS city,
        reading.state, score.total AS total, score.marks AS marks, score.note AS note, score.feedback AS feedback
    FROM reading JOIN entry ON entry.id = reading.entry JOIN juror ON juror.id = reading.juror
    JOIN city ON city.id = juror.city LEFT JOIN score ON score.reading = reading.id
    WHERE reading.round = {} AND entry.withdrawn_at IS NULL
    ORDER BY entry.number, juror.number
"""


class Read(Struct, frozen=True):
    """One juror with one entry. `city`: the slug of the juror's; `total`, `marks`, texts: empty until handed in."""

    entry: UUID
    juror: UUID
    juror_number: int
    city: str
    state: ReadState
    total: float | None
    marks: Mapping[str, int]
    note: str
    feedback: str


class Waiting(Struct, frozen=True):
    """An entry, by its number and track, for which something is still missing. `jurors`: who has not finished it."""

    number: int
    track: str
    jurors: tuple[int, ...]
    reads: int
    wanted: int


class Progress(Struct, frozen=True):
    """How far a round is.

    `reads` of `given` are handed in. `unfinished`: entries that a juror still reads; `unread`: those that nobody has
    scored; `short`: those of which a juror gave up, read by fewer than the call says, and by nobody in their place.
    """

    entries: int
    reads: int
    given: int
    unfinished: tuple[Waiting, ...]
    unread: tuple[Waiting, ...]
    short: tuple[Waiting, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return not (self.unfinished or self.unread or self.short)


async def entered(round_: KnownRound, track: str | None = None) -> list[SubmittedEntry]:
    """The entries that are read in the round and still take part, by their numbers."""
    inside = await juries.entries_in(round_.id)
    return [each for each in await entries.submitted(round_.call, track) if each.id in inside]


async def reads_of(round_: KnownRound) -> list[Read]:
    """Everything by entry and juror. Only for what organisers, the chair and the locked round's ranking are told."""
    found = await rows(_READINGS, round_.id)
    return [_read(row) for row in found]


def by_entry(reads: Sequence[Read]) -> dict[UUID, list[Read]]:
    """What was handed in, by entry."""
    found: dict[UUID, list[Read]] = {}
    for each in reads:
        if each.state is ReadState.DONE and each.total is not None:
            found.setdefault(each.entry, []).append(each)
    return found


async def progress(call: KnownCall, round_: KnownRound) -> Progress:
    """How far it is: counts and who is missing, no score."""
    inside, reads = await entered(round_), await reads_of(round_)
    waiting = [_waiting(entry, [read for read in reads if read.entry == entry.id], round_, call) for entry in inside]
    ids = {entry.id for entry in inside}
    going = [read for read in reads if read.entry in ids and read.state in {ReadState.OPEN, ReadState.DONE}]
    return Progress(
        entries=len(inside),
        reads=sum(each.reads for each in waiting),
        given=len(going),
        unfinished=tuple(each for each in waiting if each.jurors),
        unread=tuple(each for each in waiting if not each.jurors and not each.reads),
        short=tuple(each for each in waiting if not each.jurors and 0 < each.reads < each.wanted),
    )


def _waiting(entry: SubmittedEntry, reads: Sequence[Read], round_: KnownRound, call: KnownCall) -> Waiting:
    """`wanted`: as many as there are, unless somebody gave it up: then the call's number counts, where it has one."""
    done = [each for each in reads if each.state is ReadState.DONE and each.total is not None]
    still = [each for each in reads if each.state in {ReadState.OPEN, ReadState.DONE} and each not in done]
    gave_up = len(reads) - len(done) - len(still)
    wanted = round_.reads(call) if gave_up else 0
    return Waiting(entry.number, entry.track, tuple(each.juror_number for each in still), len(done), wanted)


def _read(row: Mapping[str, object]) -> Read:
    state = ReadState(str(row["state"]))
    is_done = state is ReadState.DONE
    total = row["total"]
    return Read(
        entry=_id(row["entry"]),
        juror=_id(row["juror"]),
        juror_number=int(str(row["juror_number"])),
        city=str(row["city"]),
        state=state,
        total=total if is_done and isinstance(total, float) else None,
        marks=json.loads(str(row["marks"])) if is_done and row["marks"] else {},
        note=str(row["note"] or "") if is_done else "",
        feedback=str(row["feedback"] or "") if is_done else "",
    )


def _id(value: object) -> UUID:
    """Both databases' own form of it."""
    return value if isinstance(value, UUID) else UUID(str(value))
