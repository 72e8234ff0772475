"""Places of an event: nobody is overbooked, nobody is skipped, whoever asks at once."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from portal import database
from portal.accounts.tables import Person
from portal.calls.tables import Call
from portal.errors import EventClosedError, NotAllowedError, SlotTakenError, TeamThereError
from portal.events import organising, places, service
from portal.events import round as events
from portal.events.places import Wish
from portal.events.tables import Event, Place, Registration
from portal.mail.tables import Letter
from tests.conftest import SOAK
from tests.portal.events.happening import HOUR, MENTORS, Town, session, town
from tests.portal.signing import person, startup_of

pytestmark = pytest.mark.usefixtures("portal")

PEOPLE, PLACES = 40, 8
ROUNDS = 10 if SOAK else 1


async def people(count: int) -> list[Person]:
    return [await person(f"p{number}@startup.example") for number in range(count)]


def wish(somebody: Person, organisation: UUID | None = None, slot: UUID | None = None) -> Wish:
    return Wish(somebody.id, "en", organisation, slot)


async def line(event: UUID) -> list[tuple[UUID, str]]:
    """Who asked, in that order, and what they have."""
    found = (
        await Registration.select(Registration.person, Registration.place)
        .where(Registration.event == event)
        .order_by(Registration.asked_at)
    )
    return [(row["person"], row["place"]) for row in found]


async def mails() -> list[tuple[str, str]]:
    found = await Letter.select(Letter.recipient, Letter.about).order_by(Letter.created_at)
    return [(row["recipient"], json.loads(row["about"])["what"]) for row in found]


@pytest.fixture
async def helsinki() -> Town:
    return await town()


async def test_who_comes_first_has_a_place_and_the_rest_wait_in_order(helsinki: Town) -> None:
    event = await helsinki.session(capacity=2)
    a, b, c, d = await people(4)
    got = [await places.ask(event, wish(each)) for each in (a, b, c, d)]
    assert got == [Place.TAKEN, Place.TAKEN, Place.WAITING, Place.WAITING]
    known = await service.by_id(helsinki.call.id, event)
    assert (known.taken, known.free, known.waiting) == (2, 0, 2)
    theirs = await service.place_of(known, d.id)
    assert theirs is not None
    assert theirs.ahead == 1
    await places.give_up(event, a.id)
    assert await line(event) == [(b.id, "taken"), (c.id, "taken"), (d.id, "waiting")]
    assert await mails() == [(c.address, "moved-up")]
    await places.give_up(event, d.id)
    assert await mails() == [(c.address, "moved-up")]


async def test_asking_twice_is_asking_once(helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    [a] = await people(1)
    answers = await asyncio.gather(*(places.ask(event, wish(a)) for _ in range(4)))
    assert answers == [Place.TAKEN] * 4
    assert len(await line(event)) == 1


@pytest.mark.soak
async def test_forty_people_at_once_fill_eight_places_and_a_line(helsinki: Town) -> None:
    for _ in range(ROUNDS):
        event = await helsinki.session(capacity=PLACES)
        everybody = await asyncio.gather(*(person(f"{uuid4().hex}@startup.example") for _ in range(PEOPLE)))
        await asyncio.gather(*(places.ask(event, wish(each)) for each in everybody))
        asked = await line(event)
        assert [place for _, place in asked] == ["taken"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
        leaving = random.sample(everybody, PEOPLE // 2)
        late = await asyncio.gather(*(person(f"{uuid4().hex}@startup.example") for _ in range(4)))
        await asyncio.gather(
            *(places.give_up(event, each.id) for each in leaving), *(places.ask(event, wish(each)) for each in late)
        )
        left = await line(event)
        assert Counter(place for _, place in left) == {"taken": PLACES, "waiting": PEOPLE // 2 + 4 - PLACES}
        assert [place for _, place in left] == sorted(place for _, place in left), "who asked first comes first"
        assert [each for each, _ in left[: PEOPLE // 2]] == [
            each for each, _ in asked if each in _ids(everybody, leaving)
        ]


def _ids(everybody: Sequence[Person], but: Sequence[Person]) -> set[UUID]:
    return {each.id for each in everybody} - {each.id for each in but}


@pytest.mark.soak
async def test_twenty_teams_at_once_take_four_times_of_a_clinic(helsinki: Town) -> None:
    event = await helsinki.clinic(times=2, mentors=MENTORS)
    teams = [(each, await startup_of(each, name=each.address)) for each in await people(20)]
    slots = [slot.id for slot in (await service.by_id(helsinki.call.id, event)).slots]
    asked = [
        places.ask(event, wish(each, startup.id, slots[number % 4])) for number, (each, startup) in enumerate(teams)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert Counter(each if isinstance(each, Place) else type(each) for each in answers) == {
        Place.TAKEN: 4,
        SlotTakenError: 16,
    }
    refused = [team for team, answer in zip(teams, answers, strict=True) if isinstance(answer, SlotTakenError)]
    assert {await places.ask(event, wish(each, startup.id)) for each, startup in refused} == {Place.WAITING}
    taken = await Registration.select(Registration.slot, Registration.person).where(Registration.slot.is_not_null())
    assert {row["slot"] for row in taken} == set(slots)
    await asyncio.gather(*(places.give_up(event, row["person"]) for row in taken))
    now = await Registration.select(Registration.slot, Registration.person).where(Registration.slot.is_not_null())
    assert {row["slot"] for row in now} == set(slots)
    assert {row["person"] for row in now} == {each.id for each, _ in refused[:4]}


async def test_a_clinic_is_for_ones_own_startup_once(helsinki: Town) -> None:
    event = await helsinki.clinic(times=2)
    a, b, stranger = await people(3)
    startup = await startup_of(a, b)
    [first, second] = (await service.by_id(helsinki.call.id, event)).slots
    for organisation in (startup.id, None):
        with pytest.raises(NotAllowedError):
            await places.ask(event, wish(stranger, organisation, first.id))
    with pytest.raises(SlotTakenError):
        await places.ask(event, wish(a, startup.id))
    assert await places.ask(event, wish(a, startup.id, first.id)) is Place.TAKEN
    with pytest.raises(TeamThereError):
        await places.ask(event, wish(b, startup.id, second.id))


async def test_whoever_comes_too_late_is_told_so(helsinki: Town) -> None:
    event = await helsinki.session()
    a, b = await people(2)
    await places.ask(event, wish(a))
    await Call.update({Call.cancelled_at: Call.created_at}, force=True)
    with pytest.raises(EventClosedError):
        await places.ask(event, wish(b))
    await Call.update({Call.cancelled_at: None}, force=True)
    await Event.update({Event.starts_at: Event.created_at}).where(Event.id == event)
    with pytest.raises(EventClosedError):
        await places.ask(event, wish(b))
    with pytest.raises(EventClosedError):
        await places.give_up(event, a.id)
    with pytest.raises(NotAllowedError):
        await places.ask(uuid4(), wish(b))


async def test_more_room_moves_up_who_waits(helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    everybody = await people(4)
    for each in everybody:
        await places.ask(event, wish(each))
    await organising.change(
        event, helsinki.city, _wider(await service.by_id(helsinki.call.id, event)), 0, helsinki.viewer
    )
    assert [place for _, place in await line(event)] == ["taken", "taken", "taken", "waiting"]
    assert set(await mails()) == {(each.address, "moved-up") for each in everybody[1:3]}


def _wider(known: service.KnownEvent) -> organising.Described:
    return replace(session(3), starts_at=known.starts_at, ends_at=known.ends_at)


async def test_nobody_waits_while_a_place_is_free_after_an_account_went(helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    a, b = await people(2)
    for each in (a, b):
        await places.ask(event, wish(each))
    await Person.delete().where(Person.id == a.id)
    await events.go()
    assert await line(event) == [(b.id, "taken")]
    assert await mails() == [(b.address, "moved-up")]


async def test_the_line_keeps_its_order_where_the_clock_was_put_back(
    helsinki: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await helsinki.session(capacity=1)
    everybody = await people(3)
    begun = await database.now()
    for number, each in enumerate(everybody):

        async def earlier(back: timedelta = number * HOUR) -> object:
            return begun - back

        monkeypatch.setattr(places, "now", earlier)
        await places.ask(event, wish(each))
    assert [each for each, _ in await line(event)] == [each.id for each in everybody]
