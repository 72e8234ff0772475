"""Pages of events: who sees what of one, who asks for a place, what organisers do."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar, Component

from portal.accounts.tables import Person
from portal.calls.tables import Call
from portal.events import organising, service
from portal.events.tables import Event, Registration
from tests.hostile_texts import hostile_texts
from tests.portal.events.happening import HOUR, LINK, MENTORS, SLUG, Town, session, town, words
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.signing import person, signed_in, startup_of

DAY = timedelta(days=1)
EVENTS = f"/en/city/helsinki/call/{SLUG}/events"


@pytest.fixture
async def helsinki(browser: httpx.AsyncClient) -> Town:  # noqa: ARG001 - the portal first
    return await town()


def address(event: UUID, rest: str = "") -> str:
    return f"/en/call/{SLUG}/event/{event}{rest}"


async def comer(browser: httpx.AsyncClient, name: str = "anna") -> Person:
    somebody = await person(f"{name}@startup.example", name=name.capitalize())
    await signed_in(browser, somebody)
    return somebody


async def organiser(browser: httpx.AsyncClient, helsinki: Town) -> None:
    await signed_in(browser, helsinki.organiser, stepped_up=True)


def entry_of(answer: httpx.Response) -> tuple[Component, Component]:
    made = Calendar.from_ical(answer.content)
    [event] = made.walk("VEVENT")
    return made, event


async def test_link_is_for_those_with_a_place(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    visits = [address(event), address(event, "/calendar.ics")]
    page = await browser.get(visits[0])
    assert heading(page) == "Info evening"
    assert "1 of 1 free" in page.text
    assert f"/en/sign-in?next={address(event)}" in page.text
    for name, sees in (("visitor", False), ("anna", True), ("berta", False)):
        if name != "visitor":
            await comer(browser, name)
            answer = await send(browser, visits[0], address(event, "/register"))
            told = "taken" if sees else "waiting"
            assert answer.headers["location"] == address(event, f"?told={told}")
        assert [LINK in (await browser.get(each)).text.replace("\r\n ", "") for each in visits] == [sees, sees]
    page = await browser.get(visits[0])
    assert "first on the waiting list" in page.text


async def test_account_lists_what_somebody_comes_to(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session()
    await comer(browser)
    assert address(event) not in (await browser.get("/en/me")).text
    await send(browser, address(event), address(event, "/register"))
    page = await browser.get("/en/me")
    assert f'href="{address(event)}"' in page.text
    assert "You have a place." in page.text


async def test_place_is_given_up_and_who_waits_has_it(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session(capacity=1)
    for name in ("berta", "anna"):
        await comer(browser, name)
        await send(browser, address(event), address(event, "/register"))
    berta = await Person.objects().where(Person.name == "Berta").first()
    assert berta is not None
    await signed_in(browser, berta)
    answer = await send(browser, address(event), address(event, "/give-up"))
    page = await browser.get(answer.headers["location"])
    assert "You have given up your place." in page.text
    [left] = await Registration.select(Registration.place, Registration.person.name.as_alias("name"))
    assert left == {"place": "taken", "name": "Anna"}


async def test_team_chooses_a_free_time_and_is_told_of_a_taken_one(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.clinic(times=2, mentors=MENTORS[:1])
    anna = await comer(browser)
    assert "Make a startup" in (await browser.get(address(event))).text
    lukko = await startup_of(anna)
    first, second = (await service.by_id(helsinki.call.id, event)).slots
    page = await send(browser, address(event), address(event, "/register"), startup=str(lukko.id))
    assert (page.status_code, "Choose a time." in page.text) == (409, True)
    await send(browser, address(event), address(event, "/register"), startup=str(lukko.id), slot=str(first.id))
    page = await browser.get(address(event))
    assert "You meet Maija Mentori on" in page.text
    berta = await comer(browser, "berta")
    other = await startup_of(berta, name="Ovi")
    page = await browser.get(address(event))
    assert (str(first.id) in page.text, str(second.id) in page.text) == (False, True)
    assert "Lukko" not in page.text
    page = await send(browser, address(event), address(event, "/register"), startup=str(other.id), slot=str(first.id))
    assert (page.status_code, "Another team was faster." in page.text) == (409, True)
    for wrong in (str(lukko.id), str(uuid4()), "nothing"):
        answer = await send(browser, address(event), address(event, "/register"), startup=wrong, slot=str(second.id))
        assert answer.status_code == 404


async def test_calendar_keeps_its_id_and_counts_its_changes(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session()
    at = address(event, "/calendar.ics")
    made, first = entry_of(await browser.get(at))
    assert (made["method"], first["sequence"], first["status"]) == ("PUBLISH", 0, "CONFIRMED")
    assert [str(zone["tzid"]) for zone in made.walk("VTIMEZONE")] == ["Europe/Helsinki"]
    known = await service.by_id(helsinki.call.id, event)
    assert first["dtstart"].params["TZID"] == "Europe/Helsinki"
    assert first["dtstart"].dt == known.starts_at.astimezone(ZoneInfo("Europe/Helsinki"))
    await organising.change(event, helsinki.city, session(begins_in=96 * HOUR), 0, helsinki.viewer)
    made, second = entry_of(await browser.get(at))
    assert (second["uid"], second["sequence"]) == (first["uid"], 1)
    await organising.cancel(event, helsinki.city, helsinki.viewer)
    made, third = entry_of(await browser.get(at))
    assert (made["method"], third["status"], third["uid"], third["sequence"]) == (
        "CANCEL",
        "CANCELLED",
        first["uid"],
        2,
    )
    assert "ORGANIZER" in third


async def test_calendar_of_a_team_has_its_own_time(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.clinic(times=2)
    lukko = await startup_of(await comer(browser))
    _, second = (await service.by_id(helsinki.call.id, event)).slots
    await send(browser, address(event), address(event, "/register"), startup=str(lukko.id), slot=str(second.id))
    answer = await browser.get(address(event, "/calendar.ics"))
    _, entry = entry_of(answer)
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (second.starts_at, second.ends_at)
    assert str(entry["uid"]) == f"{second.id}@kyberkunto"
    assert answer.headers["cache-control"] == "no-store"


async def test_hostile_texts_stay_texts(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session()
    for text in hostile_texts(12):
        kept = text.replace("\0", "").encode(errors="replace").decode()
        await Event.update({Event.title: json.dumps(words(kept)), Event.place: kept[:200]}).where(Event.id == event)
        page = await browser.get(address(event))
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        _, entry = entry_of(await browser.get(address(event, "/calendar.ics")))
        assert set(entry) <= {
            *("UID", "DTSTAMP", "SEQUENCE", "STATUS", "DTSTART", "DTEND", "ORGANIZER", "SUMMARY", "DESCRIPTION"),
            *("LOCATION", "URL"),
        }


async def test_event_of_no_published_call_is_absent(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session()
    assert (await browser.get(f"/en/call/other/event/{event}")).status_code == 404
    await Call.update({Call.version: 0}, force=True)
    for rest in ("", "/calendar.ics"):
        assert (await browser.get(address(event, rest))).status_code == 404


def typed(**changes: str) -> dict[str, str]:
    day = (datetime.now(UTC) + 30 * DAY).strftime("%Y-%m-%d")
    base = {"title-fi": "Ilta", "title-en": "Evening", "place": "Talo", "begins-day": day, "begins-time": "17:00"}
    return {**base, "ends-day": "", "ends-time": "19:00", "capacity": "30", **changes}


async def test_organiser_makes_changes_and_cancels(browser: httpx.AsyncClient, helsinki: Town) -> None:
    await organiser(browser, helsinki)
    new = f"{EVENTS}/new/info"
    page = await send(browser, new, new, **typed(**{"title-fi": "", "link": "ftp://x"}))
    assert page.status_code == 422
    assert "Type the title." in page.text
    assert "ftp://x" in page.text
    answer = await send(browser, new, new, **typed())
    place = answer.headers["location"].partition("?")[0]
    assert "It stands on the call" in (await browser.get(answer.headers["location"])).text
    answer = await send(browser, place, place, **typed(place="Kirjasto", edits="0"))
    assert answer.headers["location"] == f"{place}?told=changed"
    page = await send(browser, place, place, **typed(place="Asema", edits="0"))
    assert (page.status_code, "Somebody else has saved" in page.text, "Asema" in page.text) == (409, True, True)
    page = await send(browser, place, f"{place}/cancel")
    assert (page.status_code, "Tick that you want to cancel it." in page.text) == (422, True)
    answer = await send(browser, place, f"{place}/cancel", sure="yes")
    page = await browser.get(answer.headers["location"])
    assert "The event is cancelled." in page.text
    assert "Save" not in (await browser.get(place)).text.partition("<main")[2]


async def test_organiser_makes_a_clinic_and_sees_who_comes(browser: httpx.AsyncClient, helsinki: Town) -> None:
    await organiser(browser, helsinki)
    new = f"{EVENTS}/new/clinic"
    mentors = {"mentor-1-name": "Maija", "mentor-1-address": "maija@mentor.example", "minutes": "60"}
    answer = await send(browser, new, new, **typed(**mentors))
    place = answer.headers["location"].partition("?")[0]
    [event] = await Event.select(Event.id)
    lukko = await startup_of(await comer(browser))
    known = await service.by_id(helsinki.call.id, event["id"])
    assert [slot.ends_at - slot.starts_at for slot in known.slots] == [HOUR, HOUR]
    form = {"startup": str(lukko.id), "slot": str(known.slots[0].id)}
    await send(browser, address(event["id"]), address(event["id"], "/register"), **form)
    await organiser(browser, helsinki)
    page = await browser.get(place)
    for text in ("Lukko Labs", "anna@startup.example", "maija@mentor.example"):
        assert text in page.text
    assert "anna@startup.example" not in (await browser.get(address(event["id"]))).text
    assert "maija@mentor.example" not in (await browser.get(address(event["id"]))).text


async def test_organiser_of_another_city_has_no_hand_in_it(browser: httpx.AsyncClient, helsinki: Town) -> None:
    event = await helsinki.session()
    await comer(browser)
    token = form_token(await browser.get("/en/questions"))
    for rest in ("", f"/{event}", "/new/info", f"/{event}/cancel"):
        answer = await browser.post(f"{EVENTS}{rest}", data={"_csrf": token, "sure": "yes"})
        assert answer.status_code in {404, 405}
