"""The front page: what can be typed, and what becomes of it."""

import httpx
import pytest

from portal.assessments.tables import Assessment
from tests.portal.pages.asking import heading, send

pytestmark = pytest.mark.usefixtures("portal")


@pytest.mark.parametrize(("wish", "language"), [("sv", "sv"), ("en-GB,en", "en"), ("de", "fi")])
async def test_browser_s_language_chooses_the_front_page(browser: httpx.AsyncClient, wish: str, language: str) -> None:
    answer = await browser.get("/", headers={"accept-language": wish})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/")


async def test_a_language_that_we_do_not_speak_is_no_page(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/de/")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("Kahvila.test", "kahvila.test"),
        (" https://www.kahvila.test/yhteys?x=1 ", "kahvila.test"),
        ("matti@kahvila.test", "kahvila.test"),
        ("kahvila-ö.test", "xn--kahvila--u4a.test"),
        ("www.test", "www.test"),
    ],
)
async def test_whatever_names_the_domain_starts_its_check(browser: httpx.AsyncClient, typed: str, domain: str) -> None:
    answer = await send(browser, "/sv/", "/sv/", domain=typed)
    row = await Assessment.objects().first()
    assert row is not None
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sv/a/{row.token}")
    assert (row.domain, row.language) == (domain, "sv")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(("fields", "stated"), [({}, False), ({"mine": "yes"}, True), ({"mine": "on"}, False)])
async def test_statement_is_kept_with_the_check_that_it_was_made_for(
    browser: httpx.AsyncClient, language: str, fields: dict[str, str], *, stated: bool
) -> None:
    await send(browser, f"/{language}/", f"/{language}/", domain="kahvila.test", **fields)
    row = await Assessment.objects().first()
    assert row is not None
    assert row.stated is stated


async def test_statement_is_never_ticked_beforehand_but_stays_when_the_form_comes_back(
    browser: httpx.AsyncClient,
) -> None:
    assert " checked" not in (await browser.get("/en/")).text
    assert " checked" in (await send(browser, "/en/", "/en/", domain="localhost", mine="yes")).text
    assert " checked" not in (await send(browser, "/en/", "/en/", domain="localhost")).text


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "This does not look like a domain."),
        ("my café", "This does not look like a domain."),
        ("198.18.0.1", "This is an address in numbers."),
        ("[2001:db8::1]", "This is an address in numbers."),
        ("localhost", "The ending is missing."),
    ],
)
async def test_what_is_no_domain_comes_back_with_a_reason(browser: httpx.AsyncClient, typed: str, reason: str) -> None:
    answer = await send(browser, "/en/", "/en/", domain=typed)
    assert answer.status_code == 422
    assert answer.text.count(reason) == 2
    assert f'value="{typed}"' in answer.text
    assert "<title>Error: " in answer.text
    assert await Assessment.count() == 0


async def test_what_was_typed_stays_text(browser: httpx.AsyncClient) -> None:
    answer = await send(browser, "/en/", "/en/", domain='"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("cafe@gmail.com", "gmail.com belongs to a mail service"),
        ("cafe.myshopify.com", "cafe.myshopify.com belongs to a website service"),
        ("https://www.facebook.com/cafe", "www.facebook.com belongs to a website service"),
    ],
)
async def test_who_has_no_domain_is_told_what_can_be_done(browser: httpx.AsyncClient, typed: str, said: str) -> None:
    answer = await send(browser, "/en/", "/en/", domain=typed)
    page = await browser.get(answer.headers["location"])
    assert heading(page) == said
    assert await Assessment.count() == 0


async def test_a_stranger_cannot_put_words_on_our_page(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/en/own-name", params={"name": "you have been hacked"})
    assert heading(page) == "No domain of your own?"


async def test_every_page_leads_to_the_same_page_in_the_other_languages(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/en/own-name", params={"name": "gmail.com"})
    assert 'href="/fi/own-name?name=gmail.com"' in page.text
