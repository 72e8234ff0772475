"""Who comes and who waits.

Every change of an event's places holds the event, so that they happen one after the other: nobody gets a place twice,
no place is given twice, and who asked first moves up first.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from portal.accounts.tables import Membership
from portal.calls.tables import Call
from portal.database import hold, now, rows, transaction
from portal.errors import EventClosedError, NotAllowedError, SlotTakenError, TeamThereError
from portal.events import letters, mentoring
from portal.events.letters import What
from portal.events.tables import Event, EventKind, Place, Registration
from portal.mail.tables import Letter

REMINDED_BEFORE = timedelta(days=1)
"""So long before it begins people are reminded; who gets a place later knows of it."""

_FREE_SLOTS = """
    SELECT slot.id FROM slot LEFT JOIN registration ON registration.slot = slot.id
    WHERE slot.event = {} AND registration.id IS NULL ORDER BY slot.starts_at, slot.mentor_name, slot.id
"""


class Wish(Struct, frozen=True):
    """Who asks for a place, in which language we write to them; for a clinic, for which startup and at which time.

    Without a `slot` they would wait for any.
    """

    person: UUID
    language: str
    organisation: UUID | None = None
    slot: UUID | None = None


async def ask(event: UUID, wish: Wish) -> Place:
    """A place, or one in the line where all are taken. Who has something there keeps it as it is.

    Raises:
        EventClosedError: it or its call is cancelled, or it has begun.
        NotAllowedError: there is no such event, or the person does not belong to that startup.
        SlotTakenError: that time is another team's by now; or none was chosen while there are some.
        TeamThereError: the startup has a time, or waits.
    """
    async with held(event) as row:
        mine = (
            await Registration.objects().where(Registration.event == event, Registration.person == wish.person).first()
        )
        if mine is not None:
            return Place(mine.place)
        return await _place(row, wish, await _open(row))


async def _place(row: Event, wish: Wish, asked_at: datetime) -> Place:
    """Keeps what is to be had now: a place, or one in the line."""
    is_clinic = row.kind == EventKind.CLINIC
    place, slot = await _at_clinic(row, wish) if is_clinic else (await _at_session(row), None)
    made = Registration(
        event=row.id,
        slot=slot,
        person=wish.person,
        organisation=wish.organisation if is_clinic else None,
        place=place.value,
        language=wish.language,
        asked_at=await _after_all(row.id, asked_at),
        reminded_at=asked_at if place is Place.TAKEN and _knows(row, asked_at) else None,
    )
    await made.save()
    await mentoring.link(row.call)
    return place


async def give_up(event: UUID, person: UUID) -> None:
    """Takes that person out; whoever waits longest moves up, and is told by mail. Doing it again changes nothing.

    Raises:
        EventClosedError: it or its call is cancelled, or it has begun.
        NotAllowedError: there is no such event.
    """
    async with held(event) as row:
        await _open(row)
        mine = await Registration.objects().where(Registration.event == event, Registration.person == person).first()
        if mine is None:
            return
        await Registration.delete().where(Registration.id == mine.id)
        if mine.slot is not None:
            await mentoring.undo(row.call, mine.slot, mine.organisation)
        told = await move_up(row)
    await letters.post(told)


@asynccontextmanager
async def held(event: UUID) -> AsyncIterator[Event]:
    """A transaction in which nobody else changes that event and its places. Raises NotAllowedError if there is none."""
    async with transaction():
        await hold(f"event:{event}")
        row = await Event.objects().where(Event.id == event).first()
        if row is None:
            raise NotAllowedError
        yield row


async def move_up(event: Event) -> list[Letter]:
    """Gives what is free to those who wait, in the order of their asking, within `held`; the letters to be posted."""
    moment = await now()
    if event.cancelled_at is not None or event.starts_at <= moment:
        return []
    waiting = await letters.everybody(event.id, Place.WAITING)
    if not waiting:
        return []
    slots = await _free_slots(event) if event.kind == EventKind.CLINIC else [None] * await _free(event)
    moved = waiting[: len(slots)]
    for registration, slot in zip(moved, slots, strict=False):
        values = {Registration.place: Place.TAKEN.value, Registration.slot: slot}
        if _knows(event, moment):
            values[Registration.reminded_at] = moment
        await Registration.update(values).where(Registration.id == registration)
    await mentoring.link(event.call)
    return await letters.keep(event, What.MOVED_UP, moved)


async def _at_session(event: Event) -> Place:
    waits = await Registration.exists().where(Registration.event == event.id, Registration.place == Place.WAITING.value)
    return Place.TAKEN if await _free(event) and not waits else Place.WAITING


async def _at_clinic(event: Event, wish: Wish) -> tuple[Place, UUID | None]:
    belongs = Membership.exists().where(Membership.person == wish.person, Membership.organisation == wish.organisation)
    if wish.organisation is None or not await belongs:
        raise NotAllowedError
    there = Registration.exists().where(Registration.event == event.id, Registration.organisation == wish.organisation)
    if await there:
        raise TeamThereError
    free = await _free_slots(event)
    if wish.slot in free:
        return Place.TAKEN, wish.slot
    if free or wish.slot is not None:
        raise SlotTakenError
    return Place.WAITING, None


async def _free(event: Event) -> int:
    taken: int = await Registration.count().where(
        Registration.event == event.id, Registration.place == Place.TAKEN.value
    )
    return max(event.capacity - taken, 0)


async def _free_slots(event: Event) -> Sequence[UUID]:
    return [UUID(str(row["id"])) for row in await rows(_FREE_SLOTS, event.id)]


async def _open(event: Event) -> datetime:
    """The database's time, before the event begins, in a call that goes on."""
    moment = await now()
    goes_on = await Call.exists().where(Call.id == event.call, Call.cancelled_at.is_null())
    if not goes_on or event.cancelled_at is not None or event.starts_at <= moment:
        raise EventClosedError
    return moment


async def _after_all(event: UUID, moment: datetime) -> datetime:
    """That moment, or just after the last who asked where clocks are coarse or were put back: no two ask at once."""
    last = (
        await Registration.select(Registration.asked_at)
        .where(Registration.event == event)
        .order_by(Registration.asked_at, ascending=False)
        .first()
    )
    return moment if last is None else max(moment, last["asked_at"] + timedelta(microseconds=1))


def _knows(event: Event, moment: datetime) -> bool:
    """Whether it is so soon that who gets a place now need not be reminded."""
    return event.starts_at - moment <= REMINDED_BEFORE
