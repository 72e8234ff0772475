"""A call's events as values: for its pages, and for whoever comes."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from portal import clock
from portal.accounts import cities
from portal.accounts.cities import KnownCity, Told
from portal.errors import NotAllowedError
from portal.events.tables import Event, EventKind, Place, Registration, Slot
from portal.i18n import NAMES


class KnownSlot(Struct, frozen=True):
    """A mentor's time. `organisation`: whose it is, None while it is free; its name is for organisers and that team."""

    id: UUID
    mentor: str
    address: str
    starts_at: datetime
    ends_at: datetime
    organisation: UUID | None = None

    @property
    def is_free(self) -> bool:
        """Whether a team may still choose it."""
        return self.organisation is None


class KnownEvent(Struct, frozen=True):
    """One as it stands. `title`, `text`: by language. `taken`, `waiting`: how many come, and how many would like to."""

    id: UUID
    call: UUID
    city: KnownCity
    kind: EventKind
    title: Mapping[str, str]
    text: Mapping[str, str]
    place: str
    link: str
    capacity: int
    starts_at: datetime
    ends_at: datetime
    edits: int
    cancelled_at: datetime | None
    slots: tuple[KnownSlot, ...]
    taken: int
    waiting: int

    @property
    def zone(self) -> ZoneInfo:
        """The clock on which it is shown."""
        return self.city.zone

    @property
    def places(self) -> int:
        """How many may come: people, or a clinic's teams."""
        return len(self.slots) if self.kind is EventKind.CLINIC else self.capacity

    @property
    def free(self) -> int:
        """How many more may."""
        return max(self.places - self.taken, 0)

    @property
    def has_begun(self) -> bool:
        """Whether it is too late to come or to stay away."""
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ends_at <= clock.now()

    def title_in(self, language: str) -> Told:
        """What it is called in that language, or else in its city's own."""
        return self._told(self.title, language)

    def text_in(self, language: str) -> Told:
        """What is to be said of it, in that language or else in its city's own; it may be empty."""
        return self._told(self.text, language)

    def _told(self, texts: Mapping[str, str], language: str) -> Told:
        order = (language, *self.city.described.languages, *NAMES)
        return next((Told(texts[code], code) for code in order if texts.get(code)), Told("", language))


class KnownPlace(Struct, frozen=True):
    """What somebody has at an event: `ahead`: how many who wait asked before them; None for who has a place."""

    id: UUID
    place: Place
    slot: KnownSlot | None
    organisation: UUID | None
    ahead: int | None


async def of_call(call: UUID) -> tuple[KnownEvent, ...]:
    """A call's events: first those to come and under way, the next one first, then those that are over."""
    found = await _known(await Event.objects().where(Event.call == call).order_by(Event.starts_at, Event.id))
    return tuple(sorted(found, key=lambda each: each.is_over))


async def of_person(person: UUID | None) -> list[KnownEvent]:
    """The events at which that person has a place or waits for one, the next one first."""
    asked = await Registration.select(Registration.event).where(Registration.person == person) if person else []
    ids = [each["event"] for each in asked]
    return await _known(await Event.objects().where(Event.id.is_in(ids)).order_by(Event.starts_at)) if ids else []


async def by_id(call: UUID, event: UUID) -> KnownEvent:
    """Raises NotAllowedError where that call has none such."""
    found = await _known(await Event.objects().where(Event.id == event, Event.call == call))
    if not found:
        raise NotAllowedError
    return found[0]


async def place_of(event: KnownEvent, person: UUID | None) -> KnownPlace | None:
    """What that person has there; None where nothing."""
    if person is None:
        return None
    row = await Registration.objects().where(Registration.event == event.id, Registration.person == person).first()
    if row is None:
        return None
    ahead = None
    if row.place == Place.WAITING:
        ahead = await Registration.count().where(
            Registration.event == event.id,
            Registration.place == Place.WAITING.value,
            Registration.asked_at < row.asked_at,
        )
    slot = next((each for each in event.slots if each.id == row.slot), None)
    return KnownPlace(row.id, Place(row.place), slot, row.organisation, ahead)


async def _known(events: Iterable[Event]) -> list[KnownEvent]:
    found = list(events)
    ids = [each.id for each in found]
    if not ids:
        return []
    where = {city: await cities.by_id(city) for city in {each.city for each in found}}
    booked = await Registration.select(
        Registration.event, Registration.place, Registration.slot, Registration.organisation
    ).where(Registration.event.is_in(ids))
    counts = Counter((each["event"], each["place"]) for each in booked)
    slots = await _slots(ids, {each["slot"]: each["organisation"] for each in booked})
    return [_event(each, where[each.city], tuple(slots[each.id]), counts) for each in found]


def _event(row: Event, city: KnownCity, slots: tuple[KnownSlot, ...], counts: Counter[tuple[UUID, str]]) -> KnownEvent:
    return KnownEvent(
        id=row.id,
        call=row.call,
        city=city,
        kind=EventKind(row.kind),
        title=json.loads(row.title),
        text=json.loads(row.text),
        place=row.place,
        link=row.link,
        capacity=row.capacity,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        edits=row.edits,
        cancelled_at=row.cancelled_at,
        slots=slots,
        taken=counts[row.id, Place.TAKEN],
        waiting=counts[row.id, Place.WAITING],
    )


async def _slots(events: list[UUID], teams: Mapping[UUID, UUID]) -> Mapping[UUID, list[KnownSlot]]:
    found: dict[UUID, list[KnownSlot]] = defaultdict(list)
    for row in await Slot.objects().where(Slot.event.is_in(events)).order_by(Slot.starts_at, Slot.mentor_name, Slot.id):
        team = teams.get(row.id)
        found[row.event].append(
            KnownSlot(row.id, row.mentor_name, row.mentor_address, row.starts_at, row.ends_at, team)
        )
    return found
