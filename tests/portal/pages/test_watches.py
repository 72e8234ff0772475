"""Asking for a watch, confirming it by the letter's link, managing and ending it."""

import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from portal import settings
from portal.accounts import proofs
from portal.accounts.tables import DomainProof
from portal.assessments import running
from portal.assessments.tables import Assessment
from portal.mail.tables import Letter
from portal.watching import round as watches
from portal.watching import service
from portal.watching.tables import Watch, Watcher
from tests.portal.mail.conftest import PUBLIC_URL, mail_settings
from tests.portal.pages.asking import DOMAIN, heading, keep, send
from tests.portal.responder import Responder
from tests.portal.watching.year import Clock

ADDRESS = "anna@kahvila.fi"


@pytest.fixture
async def place(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001 - bound first
    """The page of a portal that sends letters; nothing needs to take them here."""
    for name, text in mail_settings(25).items():
        monkeypatch.setenv(name, text)
    settings.current.cache_clear()
    return f"/en/a/{(await keep()).token}/watch"


@pytest.fixture
def zone(responder: Responder) -> Iterator[dict[str, str]]:
    yield responder.texts
    responder.texts.clear()


async def prove(browser: httpx.AsyncClient, place: str, zone: dict[str, str]) -> None:
    await browser.get(place)
    [proof] = await DomainProof.select(DomainProof.token)
    zone[proofs.record_name(DOMAIN)] = proof["token"]


async def ask(browser: httpx.AsyncClient, place: str, **fields: str) -> httpx.Response:
    return await send(browser, place, place, **{"mine": "yes", "address": ADDRESS, "tongue": "sv", **fields})


async def link() -> str:
    """The path that the last letter leads to."""
    [letter] = await Letter.select(Letter.about).order_by(Letter.created_at, ascending=False).limit(1)
    found: str = json.loads(letter["about"])["link"]
    assert found.startswith(PUBLIC_URL)
    return found.removeprefix(PUBLIC_URL)


async def confirmed(browser: httpx.AsyncClient, place: str, zone: dict[str, str]) -> str:
    """The path of the page on which everything is managed."""
    await prove(browser, place, zone)
    await ask(browser, place)
    return (await send(browser, await link(), await link())).headers["location"]


async def test_address_is_asked_before_anything_else_is_sent(
    browser: httpx.AsyncClient, place: str, zone: dict[str, str]
) -> None:
    await prove(browser, place, zone)
    answer = await ask(browser, place)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}?sent=yes")
    assert heading(await browser.get(answer.headers["location"])) == "The letter is on its way"
    [letter] = await Letter.select()
    assert (letter["recipient"], letter["language"], letter["kind"]) == (ADDRESS, "sv", "watch-confirm")
    offered = await browser.get(await link())
    assert DOMAIN in heading(offered)
    assert await Watch.count().where(Watch.confirmed_at.is_not_null()) == 0
    answer = await send(browser, await link(), await link())
    page = await browser.get(answer.headers["location"])
    assert (page.status_code, page.headers["x-robots-tag"]) == (200, "noindex, nofollow")
    assert DOMAIN in page.text
    assert ADDRESS not in page.text
    assert (await browser.get(await link())).status_code == 404


async def test_without_the_record_or_the_tick_or_an_address_nothing_is_sent(
    browser: httpx.AsyncClient, place: str, zone: dict[str, str]
) -> None:
    assert (await ask(browser, place)).status_code == 409
    assert (await ask(browser, place, mine="")).status_code == 422
    await prove(browser, place, zone)
    page = await ask(browser, place, address="anna@")
    assert (page.status_code, "does not look like a mail address" in page.text) == (422, True)
    assert (await Letter.count(), await Watcher.count()) == (0, 0)


async def test_doors_are_knocked_on_each_week_only_where_the_holder_wants_it_and_the_record_stands(
    browser: httpx.AsyncClient, place: str, zone: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Clock(monkeypatch)
    await prove(browser, place, zone)
    token = zone[proofs.record_name(DOMAIN)]
    for doors, kept in (("", ""), ("yes", token)):
        await ask(browser, place, doors=doors)
        assert [row["ports_token"] for row in await Watch.select(Watch.ports_token)] == [kept]
    managed = (await send(browser, await link(), await link())).headers["location"].replace("/sv/", "/en/")
    await DomainProof.delete(force=True)  # a week later it is forgotten
    said = []
    for _ in range(2):
        await watches.go()
        [check] = await Assessment.objects().where(Assessment.proof_token == token, Assessment.status == "queued")
        await running.run_check(check.id)
        await watches.go()
        said.append("We knocked on the doors" in (await browser.get(managed)).text)
        zone.clear()
        time.at += timedelta(days=7)
    assert said == [True, False]
    assert f"{proofs.record_name(DOMAIN)} was not there" in (await browser.get(managed)).text


async def test_link_runs_out_after_two_days_and_the_address_is_erased(
    browser: httpx.AsyncClient, place: str, zone: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Clock(monkeypatch)
    await prove(browser, place, zone)
    await ask(browser, place)
    time.at += timedelta(hours=47)
    await service.forget_unconfirmed()
    assert (await browser.get(await link())).status_code == 200
    time.at += timedelta(hours=1)
    assert (await browser.get(await link())).status_code == 404
    await service.forget_unconfirmed()
    assert (await Watch.count(), await Watcher.count()) == (0, 0)


async def test_mail_program_ends_it_with_one_post_and_reading_the_page_does_not(
    browser: httpx.AsyncClient, place: str, zone: dict[str, str]
) -> None:
    address = f"{await confirmed(browser, place, zone)}/unsubscribe"
    assert '<form method="post">' in (await browser.get(address)).text
    assert await Watcher.count() == 1
    transport = browser._transport  # noqa: SLF001 - the same portal, for somebody without cookies
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as stranger:
        for _ in range(2):
            answer = await stranger.post(address, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
    assert (await Watcher.count(), await Watch.count()) == (0, 0)
    assert '<form method="post">' not in (await browser.get(address)).text


async def test_other_forms_are_still_protected(browser: httpx.AsyncClient, place: str, zone: dict[str, str]) -> None:
    managed = await confirmed(browser, place, zone)
    assert (await browser.post(managed, data={"do": "stop", "domain": DOMAIN})).status_code == 403
    assert await Watch.count() == 1


async def test_owner_goes_on_for_a_year_or_ends_one_domain(
    browser: httpx.AsyncClient, place: str, zone: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Clock(monkeypatch)
    managed = await confirmed(browser, place, zone)
    time.at += timedelta(days=300)
    await send(browser, managed, managed, do="go-on", domain=DOMAIN)
    [watch] = await Watch.select(Watch.ends_at)
    assert watch["ends_at"] == time.at + timedelta(days=365)
    answer = await send(browser, managed, managed, do="stop", domain=DOMAIN)
    assert "You get no more letters" not in managed
    assert heading(await browser.get(answer.headers["location"])) != ""
    assert await Watcher.count() == 0


async def test_without_a_mail_server_there_is_no_such_page(browser: httpx.AsyncClient) -> None:
    settings.current.cache_clear()
    token = (await keep()).token
    assert (await browser.get(f"/en/a/{token}/watch")).status_code == 404
    assert "/watch" not in (await browser.get(f"/en/a/{token}")).text


async def test_result_and_proof_lead_to_it(browser: httpx.AsyncClient, place: str) -> None:
    result = place.removesuffix("/watch")
    for path in (result, f"{result}/ports"):
        assert f'href="{place}"' in (await browser.get(path)).text
    assert "look after your domain" in (await browser.get("/en/data")).text
