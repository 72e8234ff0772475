"""What organisers do with events: told by mail, kept from overbooking, found as juror's conflict."""

import asyncio
import json
import sqlite3
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from msgspec.structs import replace

from portal import settings
from portal.accounts import cities
from portal.accounts.tables import RoleKind
from portal.entries.tables import Entry
from portal.errors import EventChangedError, EventClosedError, NotAllowedError, UnusableEventError
from portal.events import mentoring, organising, places, service
from portal.events import round as events
from portal.events.describing import Described, Mentor, Typed, checked
from portal.events.places import Wish
from portal.events.service import KnownEvent
from portal.events.tables import EventKind, Mentorship, Registration, Slot
from portal.juries.tables import Juror, Reading, Round
from portal.mail.message import words as told_in
from portal.mail.tables import Letter
from tests.portal.events.happening import HOUR, LINK, MENTORS, Town, clinic, session, town, words
from tests.portal.signing import city, give_role, person, startup_of
from tests.portal.watching.year import Clock

pytestmark = pytest.mark.usefixtures("portal")

DAY = timedelta(days=1)
REFUSED = (sqlite3.DatabaseError, asyncpg.PostgresError)


@pytest.fixture
async def helsinki() -> Town:
    return await town()


def moved(event: KnownEvent, described: Described, by: timedelta = DAY) -> Described:
    """The same event at another time."""
    return replace(described, starts_at=event.starts_at + by, ends_at=event.ends_at + by)


async def mails() -> list[tuple[str, str]]:
    found = await Letter.select(Letter.recipient, Letter.about).order_by(Letter.created_at)
    return [(row["recipient"], json.loads(row["about"])["what"]) for row in found]


async def test_changed_time_is_told_to_those_with_a_place_alone(helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    comes, waits = [await person(f"{name}@startup.example") for name in ("comes", "waits")]
    for each in (comes, waits):
        await places.ask(event, Wish(each.id, "en"))
    known = await service.by_id(helsinki.call.id, event)
    same = moved(known, session(1), by=timedelta())
    await organising.change(event, helsinki.city, replace(same, text=words("More.")), 0, helsinki.viewer)
    assert await mails() == []
    await organising.change(event, helsinki.city, moved(known, session(1)), 1, helsinki.viewer)
    assert await mails() == [(comes.address, "changed")]
    assert (await service.by_id(helsinki.call.id, event)).edits == 2


async def test_who_saves_over_somebody_faster_is_told(helsinki: Town) -> None:
    event = await helsinki.session()
    known = await service.by_id(helsinki.call.id, event)
    await organising.change(event, helsinki.city, moved(known, session()), 0, helsinki.viewer)
    with pytest.raises(EventChangedError):
        await organising.change(event, helsinki.city, session(), 0, helsinki.viewer)
    for each in ("a", "b"):
        await places.ask(event, Wish((await person(f"{each}@s.example")).id, "en"))
    with pytest.raises(UnusableEventError) as wrong:
        await organising.change(event, helsinki.city, session(1), 1, helsinki.viewer)
    assert wrong.value.codes == {"capacity": "taken"}


async def test_cancelled_is_told_to_all_and_ends_it(helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    for each in ("a", "b"):
        await places.ask(event, Wish((await person(f"{each}@s.example")).id, "fi"))
    await organising.cancel(event, helsinki.city, helsinki.viewer)
    assert {what for _, what in await mails()} == {"cancelled"}
    assert len(await mails()) == 2
    for act in (
        organising.cancel(event, helsinki.city, helsinki.viewer),
        organising.change(event, helsinki.city, session(), 1, helsinki.viewer),
        places.ask(event, Wish(helsinki.organiser.id, "en")),
    ):
        with pytest.raises(EventClosedError):
            await act


async def test_an_event_is_its_own_city_s(helsinki: Town) -> None:
    event = await helsinki.session()
    row = await city("turku")
    await give_role(helsinki.organiser, RoleKind.ORGANISER, row)
    turku = await cities.by_slug("turku")
    with pytest.raises(NotAllowedError):
        await organising.cancel(event, turku, helsinki.viewer)
    with pytest.raises(NotAllowedError):
        await organising.change(event, turku, session(), 0, helsinki.viewer)


async def test_a_clinic_that_moves_takes_its_teams_along(helsinki: Town) -> None:
    event = await helsinki.clinic(times=2, mentors=MENTORS)
    founder = await person("founder@s.example")
    startup = await startup_of(founder)
    known = await service.by_id(helsinki.call.id, event)
    second = next(each for each in known.slots if each.mentor == "Otto Opas" and each.starts_at > known.starts_at)
    await places.ask(event, Wish(founder.id, "sv", startup.id, second.id))
    await organising.change(event, helsinki.city, moved(known, clinic(2, MENTORS)), 0, helsinki.viewer)
    mine = await service.place_of(await service.by_id(helsinki.call.id, event), founder.id)
    assert mine is not None
    assert mine.slot is not None
    assert (mine.slot.mentor, mine.slot.starts_at) == ("Otto Opas", second.starts_at + DAY)
    assert await mails() == [("founder@s.example", "changed")]
    for fewer in (clinic(1, MENTORS), clinic(2, MENTORS[:1])):
        with pytest.raises(UnusableEventError) as wrong:
            await organising.change(event, helsinki.city, fewer, 1, helsinki.viewer)
        assert wrong.value.codes == {"mentors": "booked"}
    assert await Slot.count().where(Slot.event == event) == 4


async def test_times_of_a_mentor_who_is_gone_go_to_a_new_one(helsinki: Town) -> None:
    event = await helsinki.clinic(times=2)
    founder = await person("founder@s.example")
    startup = await startup_of(founder)
    [first, _] = (await service.by_id(helsinki.call.id, event)).slots
    await places.ask(event, Wish(founder.id, "en", startup.id, first.id))
    await Slot.update({Slot.mentor_name: "", Slot.mentor_address: ""}, force=True)
    known = await service.by_id(helsinki.call.id, event)
    await organising.change(event, helsinki.city, moved(known, clinic(2, MENTORS[1:])), 0, helsinki.viewer)
    [kept, _] = (await service.by_id(helsinki.call.id, event)).slots
    assert (kept.id, kept.mentor, kept.organisation) == (first.id, "Otto Opas", startup.id)


async def test_a_mentor_who_signs_in_later_is_found(helsinki: Town) -> None:
    event = await helsinki.clinic(times=2, mentors=[Mentor("Maija", "Maija@mentor.example")])
    founder = await person("founder@s.example")
    startup = await startup_of(founder)
    [first, _] = (await service.by_id(helsinki.call.id, event)).slots
    await places.ask(event, Wish(founder.id, "en", startup.id, first.id))
    assert await mentoring.of_call(helsinki.call.id) == frozenset()
    maija = await person("maija@mentor.example")
    await events.go()
    assert await mentoring.of_call(helsinki.call.id) == {(maija.id, startup.id)}
    await organising.cancel(event, helsinki.city, helsinki.viewer)
    assert await mentoring.of_call(helsinki.call.id) == {(maija.id, startup.id)}


async def test_a_time_given_up_before_it_begins_made_nobody_a_mentor(helsinki: Town) -> None:
    maija, founder = await person("maija@mentor.example"), await person("founder@s.example")
    startup = await startup_of(founder)
    both = [await helsinki.clinic(), await helsinki.clinic()]
    for event in both:
        [first, _] = (await service.by_id(helsinki.call.id, event)).slots
        await places.ask(event, Wish(founder.id, "en", startup.id, first.id))
    assert await Mentorship.count() == 1
    await places.give_up(both[0], founder.id)
    assert await mentoring.of_call(helsinki.call.id) == {(maija.id, startup.id)}
    await places.give_up(both[1], founder.id)
    assert await mentoring.of_call(helsinki.call.id) == frozenset()


async def test_a_mentor_cannot_be_given_their_startup_s_entry_as_juror(helsinki: Town) -> None:
    maija, founder = await person("maija@mentor.example"), await person("founder@s.example")
    startup = await startup_of(founder)
    entry = Entry(call=helsinki.call.id, organisation=startup.id, track="pilot", number=1)
    juror = Juror(call=helsinki.call.id, person=maija.id, city=helsinki.city.id, number=1)
    round_ = Round(call=helsinki.call.id, kind="screening")
    for row in (entry, juror, round_):
        await row.save()
    event = await helsinki.clinic()
    [first, _] = (await service.by_id(helsinki.call.id, event)).slots
    await places.ask(event, Wish(founder.id, "en", startup.id, first.id))
    with pytest.raises(REFUSED, match="too close"):
        await Reading(round=round_.id, juror=juror.id, entry=entry.id).save()


async def test_two_workers_remind_once(helsinki: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    event = await helsinki.session(capacity=8)
    for number in range(8):
        await places.ask(event, Wish((await person(f"p{number}@s.example")).id, "en"))
    Clock(monkeypatch, datetime.now(UTC) + 60 * HOUR)
    await asyncio.gather(*(events.go() for _ in range(4)))
    assert len(await mails()) == 8


async def test_reminded_once_a_day_before(helsinki: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = datetime.now(UTC)
    event = await helsinki.session(capacity=1, begins_in=72 * HOUR)
    late = await helsinki.session(capacity=1, begins_in=20 * HOUR)
    comes, waits = [await person(f"{name}@s.example") for name in ("comes", "waits")]
    for each in (comes, waits):
        await places.ask(event, Wish(each.id, "en"))
        await places.ask(late, Wish(each.id, "en"))
    clock = Clock(monkeypatch, begun)
    for hours, count in ((0, 0), (47, 0), (49, 1), (50, 1), (71, 1), (73, 1)):
        clock.at = begun + hours * HOUR
        await events.go()
        assert await mails() == [(comes.address, "reminder")] * count
    assert await Registration.count().where(Registration.reminded_at.is_not_null()) == 2


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_letters_say_when_on_the_city_s_clock(helsinki: Town, language: str) -> None:
    event = await helsinki.session()
    somebody = await person("a@s.example")
    await places.ask(event, Wish(somebody.id, language))
    await organising.cancel(event, helsinki.city, helsinki.viewer)
    [letter] = await Letter.objects()
    subject, text = told_in(letter.kind, letter.language, json.loads(letter.about), settings.current())
    assert "Info evening" in subject
    assert "(Europe/Helsinki)" in text
    assert f"/{language}/call/moonshot/event/{event}" in text
    assert LINK not in text


def typed(**changes: object) -> Typed:
    day = (datetime.now(UTC) + 30 * DAY).strftime("%Y-%m-%d")
    base = Typed(EventKind.INFO, {"fi": "Ilta"}, {}, "Talo", "", "40", day, "14:30", "", "16.00", "", ())
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"title": {"en": "Only English"}}, {"title-fi": "none"}),
        ({"place": "", "link": ""}, {"place": "none"}),
        ({"link": "javascript:alert(1)"}, {"link": "not-a-link"}),
        ({"link": "http://meet.example"}, {"link": "not-a-link"}),
        ({"capacity": "0"}, {"capacity": "no-number"}),
        ({"capacity": "٣"}, {"capacity": "no-number"}),
        ({"begins_day": "2026-02-30"}, {"begins-day": "no-day"}),
        ({"begins_day": "2020-01-01"}, {"begins-day": "past"}),
        ({"begins_time": "25:00"}, {"begins-time": "no-time"}),
        ({"begins_day": "2031-03-30", "begins_time": "3:30", "ends_time": "5:00"}, {"begins-time": "no-such-time"}),
        ({"ends_time": "14:30"}, {"ends-time": "not-after"}),
        ({"kind": EventKind.CLINIC, "minutes": "30"}, {"mentor-1-name": "none"}),
        ({"kind": EventKind.CLINIC, "minutes": "120", "mentors": MENTORS}, {"minutes": "no-slot"}),
        (
            {"kind": EventKind.CLINIC, "minutes": "5", "mentors": (MENTORS[0], Mentor("", "x"), MENTORS[0])},
            {
                "minutes": "no-number",
                "mentor-2-name": "no-name",
                "mentor-2-address": "not-an-address",
                "mentor-3-address": "twice",
            },
        ),
    ],
)
async def test_what_is_wrong_with_an_event_is_told_by_field(
    helsinki: Town, changes: dict[str, object], codes: dict[str, str]
) -> None:
    with pytest.raises(UnusableEventError) as wrong:
        checked(typed(**changes), helsinki.city)
    assert wrong.value.codes == codes


async def test_times_are_of_the_city_s_clock(helsinki: Town) -> None:
    made = checked(typed(begins_day="1.7.2031", ends_day="", begins_time="14.30", ends_time="16:00"), helsinki.city)
    assert (made.starts_at, made.ends_at - made.starts_at) == (datetime(2031, 7, 1, 11, 30, tzinfo=UTC), 1.5 * HOUR)
    twice = checked(typed(begins_day="2031-10-26", begins_time="3:30", ends_time="5:00"), helsinki.city)
    assert twice.starts_at == datetime(2031, 10, 26, 0, 30, tzinfo=UTC)
