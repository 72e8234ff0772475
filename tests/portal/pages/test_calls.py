"""Calls on their pages: an organiser makes and publishes one in minutes, everybody reads it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from msgspec.structs import replace

from portal.accounts.tables import City, RoleKind
from portal.calls import drafts, partners, publishing, service
from portal.calls.drafts import Draft
from tests.portal.calls.calling import DAY, draft_of, organiser, publish, terms
from tests.portal.pages.asking import heading, send
from tests.portal.signing import city, give_role, person, signed_in

HOME = "/en/city/helsinki/call/safe-shops"
HERE = "/en/city/helsinki/calls"


async def olli(browser: httpx.AsyncClient) -> None:
    """The organiser of Helsinki is signed in."""
    somebody = await person("olli@helsinki.test")
    await give_role(somebody, RoleKind.ORGANISER, await city("helsinki"))
    await signed_in(browser, somebody, stepped_up=True)


async def made(browser: httpx.AsyncClient, **fields: str) -> httpx.Response:
    """Asks for a new call."""
    day = f"{datetime.now(UTC) + 40 * DAY:%Y-%m-%d}"
    return await send(
        browser, HERE, HERE, **{"title": "Safe shops", "day": day, "time": "16:00", "track": "pilot", **fields}
    )


async def typed_in(browser: httpx.AsyncClient, address: str) -> dict[str, str]:
    """What stands in the inputs of a page's form."""
    page = (await browser.get(address)).text
    lines = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    inputs = [re.findall(r'(type|name|value)="([^"]*)"', tag) for tag in re.findall(r"<input[^>]*>", page)]
    plain = [dict(each) for each in inputs if dict(each)["type"] != "checkbox"]
    ticked = [dict(re.findall(r'(name|value)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]* checked>", page)]
    chosen = re.findall(r'<select[^>]* name="([^"]+)">.*?<option value="([^"]*)" selected', page, re.DOTALL)
    found = {each["name"]: each["value"] for each in (*plain, *ticked) if "name" in each}
    return {name: unescape(text) for name, text in {**found, **dict(lines), **dict(chosen)}.items()}


async def saved(browser: httpx.AsyncClient, part: str, **fields: str) -> httpx.Response:
    """Changes some fields of a part and saves all of it, as a browser would."""
    address = f"{HOME}/edit/{part}"
    return await browser.post(address, data={**await typed_in(browser, address), "do": "save", **fields})


async def row_of(slug: str) -> City:
    found = await City.objects().where(City.slug == slug).first()
    assert found is not None
    return found


async def current() -> Draft:
    return await drafts.of_city("safe-shops", "helsinki")


async def test_an_organiser_publishes_in_minutes(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    assert "There is no call yet" in (await browser.get(HERE)).text
    answer = await made(browser)
    assert answer.headers["location"] == f"{HOME}?told=made"
    hub = await browser.get(answer.headers["location"])
    assert ("8 things to mend" in hub.text, hub.text.count("to mend")) == (True, 1)
    texts = {f"{name}-{code}": f"{name} {code}" for name in ("title", "summary", "text") for code in ("fi", "sv", "en")}
    assert (await saved(browser, "texts", **texts)).headers["location"] == f"{HOME}?told=saved#parts"
    assert "Everything is there" in (await browser.get(HOME)).text
    assert (await browser.get("/en/call/safe-shops")).status_code == 404
    answer = await send(browser, f"{HOME}/publish", f"{HOME}/publish", **await typed_in(browser, f"{HOME}/publish"))
    assert answer.headers["location"] == f"{HOME}?told=published"
    page = await browser.get("/sv/call/safe-shops")
    assert (heading(page), "summary sv" in page.text, "Överkomlig i pris" in page.text) == ("title sv", True, True)


async def test_a_new_call_that_cannot_be_made_comes_back(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    answer = await made(browser, title=" ", day="2026-02-30", track="fame")
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == ["title", "day", "tracks"]
    answer = await made(browser, day=f"{datetime.now(UTC):%Y-%m-%d}")
    assert "Choose a later day" in answer.text


@pytest.mark.parametrize(
    "part",
    [
        "texts",
        "phases",
        "prizes",
        "jury",
        "rules",
        "tracks/pilot",
        "eligibility/company",
        "fields/how",
        "criteria/easy",
    ],
)
async def test_saving_what_stands_there_changes_nothing(browser: httpx.AsyncClient, part: str) -> None:
    await olli(browser)
    await made(browser)
    before = await current()
    assert (await saved(browser, part)).status_code == 303
    after = await current()
    assert (after.terms, after.edits) == (before.terms, before.edits + 1)


async def test_each_part_keeps_what_is_typed(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    await made(browser)
    day = f"{datetime.now(UTC) + 60 * DAY:%Y-%m-%d}"
    await saved(browser, "phases", **{"entries-ends-day": day, "entries-ends-time": "23:59"})
    await saved(browser, "prizes", **{"prize-pilot-fi": "10 000 euroa"})
    await saved(browser, "jury", reads="4", is_blind="yes", **{"tie-1": "criterion", "tie-2": "jury", "tie-3": ""})
    await saved(browser, "tracks/new", **{"name-en": "People's choice", "winners": "2"})
    choices = {"choices-en": "Yes, we do\nNot yet", "choices-fi": "Kyllä\nEi vielä"}
    await saved(browser, "fields/new", kind="choice", **{"name-en": "Do you sell?"}, **choices)
    await saved(browser, "eligibility/organiser", do="remove")
    await saved(browser, "criteria/easy", weight="40", **{"anchor-8-en": "Almost by itself."})
    now = (await current()).terms
    entries = now.phases[0]
    assert entries.ends.astimezone((await current()).lead.zone).strftime("%Y-%m-%d %H:%M") == f"{day} 23:59"
    assert now.prizes[0].text == {"fi": "10 000 euroa"}
    assert (now.reads, now.is_blind, [*now.ties]) == (4, True, ["criterion", "jury"])
    assert (now.tracks[1].id, now.tracks[1].winners) == ("people-s-choice", 2)
    field = now.fields[-1]
    assert [(each.id, each.name["fi"]) for each in field.choices] == [("yes-we-do", "Kyllä"), ("not-yet", "Ei vielä")]
    assert [each.id for each in now.eligibility] == ["company", "ready"]
    assert (now.criteria[2].weight, now.criteria[2].anchors[8]["en"]) == (40, "Almost by itself.")


async def test_what_is_no_number_or_moment_comes_back_with_all_that_was_typed(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    await made(browser)
    answer = await saved(browser, "jury", reads="some", home_city_limit="2")
    assert (answer.status_code, "Type a whole number" in answer.text, 'value="some"' in answer.text) == (
        422,
        True,
        True,
    )
    # The night in which Helsinki's clocks leap from three to four.
    answer = await saved(browser, "phases", **{"final-ends-day": "2027-03-28", "final-ends-time": "03:30"})
    assert (answer.status_code, "a clock leaps" in answer.text, 'value="03:30"' in answer.text) == (422, True, True)
    assert (await current()).edits == 1


async def test_who_was_faster_is_told_and_nothing_typed_is_lost(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    await made(browser)
    mine = await typed_in(browser, f"{HOME}/edit/rules")
    await saved(browser, "jury", reads="5")
    answer = await browser.post(f"{HOME}/edit/rules", data={**mine, "rules-en": "Be kind."})
    assert (answer.status_code, "saved this call meanwhile" in answer.text, "Be kind." in answer.text) == (
        409,
        True,
        True,
    )
    edits = re.search(r'name="edits" value="(\d+)"', answer.text)
    assert edits is not None
    answer = await browser.post(f"{HOME}/edit/rules", data={**mine, "rules-en": "Be kind.", "edits": edits.group(1)})
    assert answer.status_code == 303
    now = (await current()).terms
    assert (now.rules["en"], now.reads) == ("Be kind.", 5)


async def test_parts_that_there_are_not(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    await made(browser)
    for rest in ("nothing", "criteria/absent", "texts/new"):
        assert (await browser.get(f"{HOME}/edit/{rest}")).status_code == 404
    csrf = (await typed_in(browser, HERE))["_csrf"]
    assert (await browser.post(f"{HOME}/edit/criteria", data={"_csrf": csrf})).status_code == 404


async def test_what_was_seen_is_what_is_published(browser: httpx.AsyncClient) -> None:
    where, viewer = await organiser()
    await draft_of(where, viewer)
    somebody = await person("other@helsinki.test")
    await give_role(somebody, RoleKind.ORGANISER, await row_of("helsinki"))
    await signed_in(browser, somebody, stepped_up=True)
    seen = await typed_in(browser, f"{HOME}/publish")
    await saved(browser, "jury", reads="5")
    answer = await browser.post(f"{HOME}/publish", data=seen)
    assert answer.headers["location"] == f"{HOME}?told=overtaken"
    assert (await current()).version == 0


async def test_the_public_page_of_an_open_call(browser: httpx.AsyncClient) -> None:
    where, viewer = await organiser()
    await publish(await draft_of(where, viewer), where, viewer)
    page = (await browser.get("/en/call/safe-shops")).text
    call = await service.published("safe-shops")
    assert f'<time datetime="{call.deadline.isoformat()}"' in page
    assert "(Helsinki, UTC+" in page
    assert "(UTC)" in page
    assert 'href="/en/call/safe-shops/enter"' in page
    assert "15 minutes after the deadline. That holds for everybody." in page
    left = re.search(r'data-left-s="(\d+)"', page)
    assert left is not None
    assert 29 * 86400 < int(left.group(1)) <= 30 * 86400
    assert "30 %" in page
    for address in ("/en/", "/en/calls", "/en/city/helsinki"):
        assert 'href="/en/call/safe-shops"' in (await browser.get(address)).text


async def test_versions_are_public(browser: httpx.AsyncClient) -> None:
    where, viewer = await organiser()
    await publish(await draft_of(where, viewer), where, viewer)
    await drafts.save(
        await current(), lambda made: replace(made, rules={**made.rules, "en": "Be kind."}), where, viewer
    )
    await publish(await current(), where, viewer, change="We say how to behave.")
    page = (await browser.get("/en/call/safe-shops")).text
    assert ("We say how to behave." in page, "Be kind." in page) == (True, True)
    first, second = [(await browser.get(f"/en/call/safe-shops/versions/{number}")).text for number in (1, 2)]
    assert ("Be kind." in first, "A newer version holds now." in first) == (False, True)
    assert ("Be kind." in second, "This version holds now." in second) == (True, True)
    assert (await browser.get("/en/call/safe-shops/versions/3")).status_code == 404


async def test_calls_to_come_and_calls_that_are_closed(browser: httpx.AsyncClient) -> None:
    where, viewer = await organiser()
    await publish(await draft_of(where, viewer, terms("Next year", opens=5 * DAY)), where, viewer)
    soon = await draft_of(where, viewer, terms("In a moment", deadline=timedelta(seconds=2)))
    await publish(soon, where, viewer)
    page = (await browser.get("/en/call/next-year")).text
    assert ("Entries open" in page, "/enter" in page) == (True, False)
    page = (await browser.get("/en/calls")).text
    assert page.index("In a moment") < page.index("Coming") < page.index("Next year")


async def test_a_cancelled_call_says_so(browser: httpx.AsyncClient) -> None:
    where, viewer = await organiser()
    await publish(await draft_of(where, viewer), where, viewer)
    await publishing.cancel(await current(), where, viewer)
    page = (await browser.get("/en/call/safe-shops")).text
    assert ("This call was cancelled" in page, "/enter" in page) == (True, False)
    assert "safe-shops" not in (await browser.get("/en/calls")).text


async def test_ending_needs_a_tick(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    await made(browser)
    answer = await send(browser, f"{HOME}/end", f"{HOME}/end", do="discard")
    assert (answer.status_code, "Tick that you are sure" in answer.text) == (422, True)
    answer = await send(browser, f"{HOME}/end", f"{HOME}/end", do="discard", sure="discard")
    assert answer.headers["location"] == f"{HERE}?told=gone"
    assert (await browser.get(HOME)).status_code == 404


async def test_cities_make_a_call_together(browser: httpx.AsyncClient) -> None:
    await olli(browser)
    await made(browser)
    tampere, theirs = await organiser("tampere")
    answer = await send(browser, f"{HOME}/cities", f"{HOME}/cities", asked="tampere")
    assert answer.headers["location"] == f"{HOME}/cities?told=asked"
    assert "it has not answered yet" in (await browser.get(f"{HOME}/cities")).text
    assert theirs.person is not None
    [(request, _)] = await partners.requests_to(tampere)
    other = await person("tuija@tampere.test")
    await give_role(other, RoleKind.ORGANISER, await row_of("tampere"))
    await signed_in(browser, other, stepped_up=True)
    there = "/en/city/tampere/calls"
    assert "asked to make a call together" in (await browser.get(there)).text
    assert (await browser.get(HOME.replace("helsinki", "tampere"))).status_code == 404
    answer = await send(browser, there, f"{there}/answer", joining=str(request.id), do="yes")
    assert answer.headers["location"] == f"{there}?told=joined"
    assert (await browser.get(HOME.replace("helsinki", "tampere"))).status_code == 200
