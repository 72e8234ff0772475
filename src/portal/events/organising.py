"""What organisers do with their city's events: make, change, cancel. Who has a place is told by mail."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from portal.accounts import roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import now
from portal.errors import EventChangedError, EventClosedError, NotAllowedError, UnusableEventError
from portal.events import letters, mentoring, places
from portal.events.describing import Described, Mentor
from portal.events.letters import What
from portal.events.tables import Event, EventKind, Place, Registration, Slot

MOST_EVENTS = 100
"""Of one call."""
_NOBODY = ""
"""The address of a mentor who had everything of theirs deleted."""
_TOLD = (Event.place, Event.link, Event.starts_at, Event.ends_at)
"""What those who have a place are told of when it changes."""


class Guest(Struct, frozen=True):
    """Somebody who comes or waits, as organisers see them. `organisation`: their startup's name in a clinic."""

    name: str
    address: str
    organisation: str
    place: Place
    slot: UUID | None
    asked_at: datetime


async def make(call: KnownCall, city: KnownCity, described: Described, viewer: Viewer) -> UUID:
    """A new event of the call, in that city.

    Raises:
        UnusableEventError: `title-…` of the city's language `too-many`: the call has as many as one may have.
        NotAllowedError: the viewer organises nothing there any more.
    """
    row = Event(call=call.id, city=city.id, kind=described.kind.value, **_values(described))
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        if await Event.count().where(Event.call == call.id) >= MOST_EVENTS:
            raise UnusableEventError({f"title-{city.described.languages[0]}": "too-many"})
        await row.save()
        await _fit_slots(row, described)
        await audit.record(Action.EVENT_MADE, viewer.pseudonym, f"event:{row.id}", call=call.slug, city=city.slug)
    return row.id


async def change(event: UUID, city: KnownCity, described: Described, edits: int, viewer: Viewer) -> None:
    """Describes it anew. `edits`: those that the form showed.

    Raises:
        UnusableEventError: `capacity` (`taken`): more have a place; `mentors` (`booked`): a time that would go is a
            team's.
        EventChangedError: somebody else saved meanwhile.
        EventClosedError: it is cancelled or has begun.
        NotAllowedError: there is no such event in the city, or the viewer organises nothing there any more.
    """
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer), places.held(event) as row:
        await _own(row, city)
        if row.edits != edits:
            raise EventChangedError
        await _require_room(row, described)
        before = {column: getattr(row, column._meta.name) for column in _TOLD}  # noqa: SLF001 - Piccolo's own documented way
        values = {**_values(described), "edits": row.edits + 1}
        for name, value in values.items():
            setattr(row, name, value)
        await row.save()
        moved = await _fit_slots(row, described)
        is_news = moved or any(getattr(row, column._meta.name) != was for column, was in before.items())  # noqa: SLF001 - the same
        told = await _tell_change(row) if is_news else []
        told += await places.move_up(row)
        await audit.record(Action.EVENT_CHANGED, viewer.pseudonym, f"event:{event}", city=city.slug)
    await letters.post(told)


async def cancel(event: UUID, city: KnownCity, viewer: Viewer) -> None:
    """Ends it for good; all who come or wait are told.

    Raises:
        EventClosedError: it is cancelled already or has begun.
        NotAllowedError: there is no such event in the city, or the viewer organises nothing there any more.
    """
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer), places.held(event) as row:
        moment = await _own(row, city)
        values: dict[Any, Any] = {Event.cancelled_at: moment, Event.edits: row.edits + 1}
        await Event.update(values).where(Event.id == event)
        told = await letters.keep(row, What.CANCELLED, await letters.everybody(event))
        await audit.record(Action.EVENT_CANCELLED, viewer.pseudonym, f"event:{event}", city=city.slug)
    await letters.post(told)


async def guests(event: UUID) -> list[Guest]:
    """Who comes, by when they asked, and then who waits."""
    found = (
        await Registration.select(
            Registration.person.name.as_alias("name"),
            Registration.person.address.as_alias("address"),
            Registration.organisation.name.as_alias("organisation"),
            Registration.place,
            Registration.slot,
            Registration.asked_at,
        )
        .where(Registration.event == event)
        .order_by(Registration.asked_at)
    )
    made = [Guest(**{**row, "organisation": row["organisation"] or "", "place": Place(row["place"])}) for row in found]
    return sorted(made, key=lambda each: each.place is Place.WAITING)


async def _own(row: Event, city: KnownCity) -> datetime:
    """The database's time, where that event is the city's and still to come."""
    if row.city != city.id:
        raise NotAllowedError
    moment = await now()
    if row.cancelled_at is not None or row.starts_at <= moment:
        raise EventClosedError
    return moment


async def _require_room(row: Event, described: Described) -> None:
    if row.kind != described.kind:
        raise NotAllowedError
    taken = await Registration.count().where(Registration.event == row.id, Registration.place == Place.TAKEN.value)
    if row.kind == EventKind.INFO and described.capacity < taken:
        raise UnusableEventError({"capacity": "taken"})


async def _tell_change(row: Event) -> list[Any]:
    """Letters to those who have a place; they are reminded anew where it is still far enough away."""
    if row.starts_at - await now() > places.REMINDED_BEFORE:
        await Registration.update({Registration.reminded_at: None}).where(Registration.event == row.id)
    return await letters.keep(row, What.CHANGED, await letters.everybody(row.id, Place.TAKEN))


async def _fit_slots(row: Event, described: Described) -> bool:
    """Makes a clinic's times as described; whether a team's time moved.

    Each mentor's first time stays their first, and so on, so that teams keep theirs when the clinic moves. Times of a
    mentor who had their account deleted go to one who is new.
    """
    kept: dict[str, list[Slot]] = defaultdict(list)
    for slot in await Slot.objects().where(Slot.event == row.id).order_by(Slot.starts_at):
        kept[slot.mentor_address.casefold()].append(slot)
    booked = {
        each["slot"]
        for each in await Registration.select(Registration.slot).where(
            Registration.event == row.id, Registration.slot.is_not_null()
        )
    }
    moved = False
    for mentor, (starts_at, ends_at) in _wanted(described):
        mine = kept[mentor.address.casefold()] or kept[_NOBODY]
        slot = mine.pop(0) if mine else Slot(event=row.id)
        slot.mentor_address = mentor.address
        news = (mentor.name, starts_at, ends_at)
        moved = moved or (slot.id in booked and news != (slot.mentor_name, slot.starts_at, slot.ends_at))
        slot.mentor_name, slot.starts_at, slot.ends_at = news
        await slot.save()
    gone = [slot.id for left in kept.values() for slot in left]
    if booked.intersection(gone):
        raise UnusableEventError({"mentors": "booked"})
    if gone:
        await Slot.delete().where(Slot.id.is_in(gone))
    await mentoring.link(row.call)
    return moved


def _wanted(described: Described) -> Iterator[tuple[Mentor, tuple[datetime, datetime]]]:
    for mentor in described.mentors:
        for time in described.times():
            yield mentor, time


def _values(described: Described) -> dict[str, Any]:
    """By column."""
    return {
        "title": json.dumps(described.title),
        "text": json.dumps(described.text),
        "place": described.place,
        "link": described.link,
        "capacity": described.capacity,
        "starts_at": described.starts_at,
        "ends_at": described.ends_at,
    }
