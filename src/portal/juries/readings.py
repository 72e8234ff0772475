"""Who reads what: given, taken away, given back. What stands between organisers' hands and the assignment."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from portal.accounts.cities import KnownCity
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import now, rows
from portal.errors import NotAllowedError, TooCloseError
from portal.juries import service
from portal.juries.closeness import held_by
from portal.juries.declaring import recuse
from portal.juries.people import KnownJuror, acting, changing, jury_of
from portal.juries.tables import Reading, ReadState

LONGEST_WHY = 500

_FIND = """
    SELECT reading.id AS id, reading.round AS round, reading.juror AS juror, reading.entry AS entry,
        reading.state AS state, reading.by_hand AS by_hand, reading.why AS why, entry.number AS number,
        entry.track AS track, entry.organisation AS organisation, score.total AS total,
        CASE WHEN score.id IS NULL THEN 0 ELSE score.edits END AS edits
    FROM reading JOIN entry ON entry.id = reading.entry LEFT JOIN score ON score.reading = reading.id
    WHERE entry.withdrawn_at IS NULL AND
"""


class KnownReading(Struct, frozen=True):
    """One, as `portal.juries.tables.Reading` has it. `number`, `track`, `organisation`: of the entry.

    `edits`: how often its score was saved; `total`: of it, None until all marks are given.
    """

    id: UUID
    round: UUID
    juror: UUID
    entry: UUID
    state: ReadState
    by_hand: bool
    why: str
    number: int
    track: str
    organisation: UUID
    total: float | None
    edits: int

    @property
    def stands(self) -> bool:
        """Whether the juror reads it or has read it."""
        return self.state in {ReadState.OPEN, ReadState.DONE}

    @property
    def is_kept(self) -> bool:
        """Whether assigning anew leaves it: set by hand, begun, or handed in."""
        return self.stands and (self.by_hand or self.state is ReadState.DONE or self.edits > 0)


async def in_round(round_id: UUID) -> list[KnownReading]:
    """All of a round, by entry."""
    found = await rows(f"{_FIND} reading.round = {{}} ORDER BY entry.number, reading.id", round_id)
    return [_known(row) for row in found]


async def of_juror(round_id: UUID, juror: KnownJuror) -> list[KnownReading]:
    """What one juror reads or has read, in an order drawn by lot: so no entry is the last one for everybody."""
    found = await rows(f"{_FIND} reading.round = {{}} AND reading.juror = {{}} ORDER BY reading.id", round_id, juror.id)
    apart = await held_by(juror) if found else frozenset()
    readings = [_known(row) for row in found]
    return [each for each in readings if each.stands and each.organisation not in apart]


async def give(  # noqa: PLR0913, PLR0917 - who gives what to whom, and where
    round_id: UUID, entry: int, juror: UUID, call: KnownCall, city: KnownCity, viewer: Viewer
) -> None:
    """Gives an entry, by its number, to a juror by hand; assigning anew keeps it.

    Raises:
        TooCloseError: the juror is too close to the entrant.
        NotAllowedError: there is no such entry in the round or no such juror, they had it before, or the round is over.
    """
    async with changing(call, city, viewer):
        await service.require_open(round_id)
        whom = next((each for each in await jury_of(call.id) if each.id == juror and each.judges), None)
        chosen = await _entry(round_id, entry)
        if whom is None or any(each.number == entry and each.juror == juror for each in await in_round(round_id)):
            raise NotAllowedError
        if chosen["organisation"] in await held_by(whom):
            raise TooCloseError
        await add(round_id, juror, chosen["id"], viewer.pseudonym, by_hand=True)


async def take(reading: UUID, call: KnownCall, city: KnownCity, viewer: Viewer) -> None:
    """Takes an entry from a juror who has not begun it.

    Raises:
        NotAllowedError: there is no such reading, it was begun, or the round is over.
    """
    async with changing(call, city, viewer):
        found = await rows(f"{_FIND} reading.id = {{}}", reading)
        round_ = await service.require_open(found[0]["round"]) if found else None
        if round_ is None or round_.call != call.id or not _may_go(_known(found[0])):
            raise NotAllowedError
        await remove(reading, viewer.pseudonym)


async def give_back(reading: KnownReading, juror: KnownJuror, state: ReadState, why: str) -> None:
    """A juror cannot judge an entry, or finds that they are too close: somebody else reads it.

    Raises:
        NotAllowedError: it is not theirs any more, or the round is over.
    """
    words = why.replace("\0", "").strip()[:LONGEST_WHY]
    async with acting(juror.call):
        await service.require_open(reading.round)
        theirs = (Reading.id == reading.id) & (Reading.juror == juror.id)
        standing = Reading.state.is_in([ReadState.OPEN.value, ReadState.DONE.value])
        ended: dict[Any, Any] = {Reading.state: state.value, Reading.why: words, Reading.ended_at: await now()}
        if not await Reading.update(ended).where(theirs, standing).returning(Reading.id):
            raise NotAllowedError
        if state is ReadState.RECUSED:
            await recuse(juror.id, reading.organisation, words)
        await audit.record(Action.READING_TAKEN, juror.pseudonym, f"reading:{reading.id}", why=state.value)


async def add(round_id: UUID, juror: UUID, entry: UUID, actor: str, *, by_hand: bool = False) -> None:
    """Gives it, within the caller's transaction, which has made sure that it may be."""
    row = Reading(round=round_id, juror=juror, entry=entry, by_hand=by_hand, given_at=await now())
    await row.save()
    await audit.record(Action.READING_GIVEN, actor, f"reading:{row.id}", juror=str(juror), entry=str(entry))


async def remove(reading: UUID, actor: str) -> None:
    """Takes it away as if it had never been given, within the caller's transaction."""
    await Reading.delete().where(Reading.id == reading)
    await audit.record(Action.READING_TAKEN, actor, f"reading:{reading}", why="organiser")


def _may_go(reading: KnownReading) -> bool:
    return reading.state is ReadState.OPEN and reading.edits == 0


async def _entry(round_id: UUID, number: int) -> dict[str, Any]:
    found = await rows(
        """
        SELECT entry.id AS id, entry.organisation AS organisation FROM entry
        JOIN round_entry ON round_entry.entry = entry.id
        WHERE round_entry.round = {} AND entry.number = {} AND entry.withdrawn_at IS NULL
        """,
        round_id,
        number,
    )
    if not found:
        raise NotAllowedError
    return found[0]


def _known(row: dict[str, Any]) -> KnownReading:
    return KnownReading(**{**row, "state": ReadState(row["state"]), "by_hand": bool(row["by_hand"])})
