"""Check this again: a new check whose page tells first what became of one finding, and how long one has to wait."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from msgspec.structs import replace

from checks.contract import DNS_TIMEOUT, KEPT_UNTIL, NOT_STATED, Finding, Severity, Status
from checks.document import moment
from portal import settings
from portal.assessments.tables import Assessment, Stage
from tests.portal.assessments.findings import CLOSED, DOMAIN, NO_DMARC, made
from tests.portal.pages.answering import text
from tests.portal.pages.asking import finish, keep, send

pytestmark = [
    pytest.mark.usefixtures("portal"),
    pytest.mark.parametrize("installation", ["sqlite"], indirect=True),
]
PRESENT = made("mail.dmarc", "present", record="v=DMARC1; p=none", policy="none", found_at=DOMAIN)
UNTOLD = Finding("mail.dmarc", Status.UNKNOWN, Severity.INFO, DOMAIN, DNS_TIMEOUT.name, {})
UNTOLD_SPF = replace(UNTOLD, id="mail.spf")
OPEN_ZONE = made("dns.zone_transfer", "open", name_servers=["ns1.kahvila.test"], zone=DOMAIN)
KEY = f"mail.dmarc {DOMAIN}"


async def _asked_again(browser: httpx.AsyncClient, row: Assessment, key: str = KEY, **fields: str) -> httpx.Response:
    return await send(browser, f"/en/a/{row.token}", f"/en/a/{row.token}/again", finding=key, **fields)


async def _newer(row: Assessment) -> Assessment:
    [newer] = await Assessment.objects().where(Assessment.previous == row.id)
    return newer


async def test_one_press_starts_a_check_that_is_about_this_finding(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    page = await browser.get(f"/en/a/{row.token}")
    assert f'form="recheck" name="finding" value="{KEY}">Check this again' in page.text
    answer = await _asked_again(browser, row)
    newer = await _newer(row)
    assert answer.headers["location"] == f"/en/a/{newer.token}?about=mail.dmarc+{DOMAIN}#this"
    waiting = await browser.get(answer.headers["location"])
    assert "Checking again: Protection against forged senders" in text(waiting)
    assert "Before: Anyone can send mail in your company's name." in text(waiting)
    assert f'sse-connect="/en/a/{newer.token}/events?about=mail.dmarc+{DOMAIN}"' in waiting.text


@pytest.mark.parametrize(
    ("now", "language", "word"),
    [
        (PRESENT, "en", "Mended"),
        (PRESENT, "fi", "Korjattu"),
        (PRESENT, "sv", "Åtgärdat"),
        (NO_DMARC, "en", "Still the same"),
        (NO_DMARC, "fi", "Yhä ennallaan"),
        (NO_DMARC, "sv", "Fortfarande likadant"),
        (UNTOLD, "en", "We could not tell this time"),
        (UNTOLD, "fi", "Emme saaneet selville tällä kertaa"),
        (UNTOLD, "sv", "Vi kunde inte avgöra den här gången"),
        (None, "en", "Not there any more"),
    ],
)
async def test_the_new_page_says_what_became_of_it(
    browser: httpx.AsyncClient, now: Finding | None, language: str, word: str
) -> None:
    row = await keep(NO_DMARC)
    location = (await _asked_again(browser, row)).headers["location"].replace("/en/", f"/{language}/")
    newer = await _newer(row)
    await finish(newer, CLOSED, *([now] if now else []))
    page = await browser.get(location)
    [told] = re.findall(r'<section id="this".*?</section>', page.text, re.DOTALL)
    assert f'<span class="sign__word">{word}</span>' in told
    place = re.search(r'href="[^"#]+#([^"]+)"', told)
    assert (place is None) == (now is None)
    if place:
        assert f'id="{place.group(1)}"' in page.text


async def test_what_became_of_it_comes_with_its_event_and_with_no_other(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    location = (await _asked_again(browser, row)).headers["location"].partition("#")[0]
    await finish(await _newer(row), CLOSED, PRESENT)
    address, _, query = location.partition("?")
    events = (await browser.get(f"{address}/events?{query}")).text.split("event: finding")
    assert ["Mended" in event for event in events] == [False, False, True]
    assert ["hx-swap-oob" in event for event in events] == [False, False, True]
    without = await browser.get(f"{address}/events")
    assert "hx-swap-oob" not in without.text


async def test_whose_steps_were_chosen_goes_along(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    page = await browser.get(f"/en/a/{row.token}?dns=louhi&topic=mail")
    assert f'action="/en/a/{row.token}/again?dns=louhi"' in page.text
    answer = await send(browser, f"/en/a/{row.token}", f"/en/a/{row.token}/again?dns=louhi", finding=KEY)
    assert answer.headers["location"].endswith(f"?about=mail.dmarc+{DOMAIN}&dns=louhi#this")


async def test_a_check_that_is_under_way_is_not_started_twice(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    first = await _asked_again(browser, row)
    again = await _asked_again(browser, row)
    assert again.headers["location"] == first.headers["location"]
    assert await Assessment.count() == 2


async def test_what_was_stated_before_is_not_forgotten(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    row.stated = True
    await row.save()
    await _asked_again(browser, row)
    assert (await _newer(row)).stated is True


async def test_what_needs_a_statement_asks_for_it_each_time(browser: httpx.AsyncClient) -> None:
    row = await keep(OPEN_ZONE)
    key = f"dns.zone_transfer {DOMAIN}"
    page = await browser.get(f"/en/a/{row.token}")
    [link] = re.findall(r'<a class="again" href="([^"]+)"', page.text)
    form = await browser.get(link)
    assert "This domain is mine, or I act for its owner" in text(form)
    assert " checked" not in form.text
    refused = await _asked_again(browser, row, key)
    assert refused.status_code == 422
    assert "Tick that the domain is yours" in text(refused)
    begun = await _asked_again(browser, row, key, mine="yes")
    assert begun.status_code == 303
    assert (await _newer(row)).stated is True


async def test_what_was_left_out_is_not_called_mended(browser: httpx.AsyncClient) -> None:
    row = await keep(OPEN_ZONE)
    answer = await _asked_again(browser, row, f"dns.zone_transfer {DOMAIN}", mine="yes")
    left_out = Finding("dns.zone_transfer", Status.NOT_APPLICABLE, Severity.INFO, DOMAIN, NOT_STATED.name, {})
    await finish(await _newer(row), left_out)
    said = text(await browser.get(answer.headers["location"]))
    assert "Not looked at this time" in said
    assert "Mended" not in said


async def test_a_door_is_knocked_on_only_after_its_own_proof(browser: httpx.AsyncClient) -> None:
    open_door = made("ports.database", "open", ports="3306")
    row = await keep(open_door)
    key = f"ports.database {DOMAIN}"
    assert f"/en/a/{row.token}/again?finding=ports.database" in (await browser.get(f"/en/a/{row.token}")).text
    answers = [
        await browser.get(f"/en/a/{row.token}/again", params={"finding": key}),
        await _asked_again(browser, row, key, mine="yes"),
    ]
    assert [answer.headers["location"] for answer in answers] == [f"/en/a/{row.token}/ports"] * 2
    assert await Assessment.count() == 1


@pytest.mark.parametrize("key", ["", "mail.dmarc", "mail.dmarc other.test", "x" * 2000, "mail.dmarc \0"])
async def test_a_finding_that_is_not_there_cannot_be_checked_again(browser: httpx.AsyncClient, key: str) -> None:
    row = await keep(NO_DMARC)
    assert (await _asked_again(browser, row, key)).status_code == 404
    assert (await browser.get(f"/en/a/{row.token}/again", params={"finding": key})).status_code == 404
    assert await Assessment.count() == 1


async def test_only_what_is_not_in_order_or_was_just_mended_has_the_button(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC, CLOSED)
    newer = await keep(PRESENT, CLOSED, UNTOLD_SPF)
    newer.previous = row.id
    await newer.save()
    page = await browser.get(f"/en/a/{newer.token}")
    assert re.findall(r'name="finding" value="([^"]+)"', page.text) == [KEY, f"mail.spf {DOMAIN}"]


@pytest.fixture
async def once(monkeypatch: pytest.MonkeyPatch, portal: object) -> AsyncIterator[None]:  # noqa: ARG001 - after it
    """A domain may be checked twice an hour."""
    monkeypatch.setenv("KYBERKUNTO_CHECKS_PER_TARGET_PER_HOUR", "2")
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("language", "until", "left"),
    [
        ("en", r"You can check again at \d{1,2}:\d\d [ap]m\.", "You can check again in {time}."),
        ("fi", r"Voit tarkistaa uudelleen klo \d{1,2}\.\d\d\.", "Voit tarkistaa uudelleen {time} kuluttua."),
        ("sv", r"Du kan kontrollera igen kl\. \d{1,2}\.\d\d\.", "Du kan kontrollera igen om {time}."),
    ],
)
async def test_where_one_may_not_ask_yet_the_place_says_from_when(
    browser: httpx.AsyncClient, language: str, until: str, left: str
) -> None:
    row = await keep(NO_DMARC)
    await finish(await _asked_once(browser, row), NO_DMARC)
    await finish(await _asked_once(browser, row), NO_DMARC)
    page = await browser.get(f"/{language}/a/{row.token}")
    assert re.search(until, text(page))
    assert page.text.count(" hidden data-waits>") == 2
    found = re.search(r'data-wait-s="(\d+)" data-left="([^"]+)"', page.text)
    assert found is not None
    assert 1700 < int(found.group(1)) <= 1800
    assert found.group(2) == left
    assert (await _asked_again(browser, row)).status_code == 429


async def _asked_once(browser: httpx.AsyncClient, row: Assessment) -> Assessment:
    location = (await _asked_again(browser, row)).headers["location"]
    token = location.partition("/a/")[2].partition("?")[0]
    return await Assessment.objects().get(Assessment.token == token)  # type: ignore[return-value]


async def test_who_may_ask_at_once_reads_of_no_waiting(browser: httpx.AsyncClient) -> None:
    page = await browser.get(f"/en/a/{(await keep(NO_DMARC)).token}")
    assert "data-wait" not in page.text
    assert "You can check again" not in text(page)


async def test_the_name_service_s_memory_is_told_while_it_lasts_and_not_after(
    browser: httpx.AsyncClient,
) -> None:
    soon, past = (moment(datetime.now(UTC) + timedelta(seconds=s)) for s in (3000, -1))
    for until, is_told in ((soon, True), (past, False)):
        row = await keep(replace(NO_DMARC, evidence={**NO_DMARC.evidence, KEPT_UNTIL: until}))
        page = await browser.get(f"/en/a/{row.token}")
        assert ("may remember the old answer until" in text(page)) is is_told


async def test_a_check_that_broke_off_says_so_though_it_was_about_one_finding(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    location = (await _asked_again(browser, row)).headers["location"]
    newer = await _newer(row)
    newer.status, newer.failure = Stage.FAILED.value, "our-error"
    await newer.save()
    assert "The check broke off" in text(await browser.get(location))
