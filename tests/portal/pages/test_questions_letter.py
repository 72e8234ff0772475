"""The form that sends a sheet's link, and what it says whatever becomes of the letter."""

import json
import re
from html import unescape

import httpx
import pytest

from portal import settings
from portal.assessments.sheets import letters, service
from portal.mail.tables import Letter
from portal.settings import Settings
from tests.portal.mail.conftest import PUBLIC_URL, mail_settings
from tests.portal.pages.asking import form_token, heading, send

ADDRESS = "anna@kahvila.fi"
SENT = {"fi": "Viesti on matkalla", "sv": "Meddelandet är på väg", "en": "The letter is on its way"}


@pytest.fixture
def chosen(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Settings:  # noqa: ARG001 - bound first
    """A portal that sends letters; nothing needs to take them here."""
    for name, text in mail_settings(25).items():
        monkeypatch.setenv(name, text)
    settings.current.cache_clear()
    return settings.current()


async def sheet() -> str:
    row = await service.start("en", "somebody")
    token: str = row.token
    return token


async def ask(browser: httpx.AsyncClient, token: str, address: str, language: str = "en") -> httpx.Response:
    """Fills in the form of the list of topics."""
    return await send(browser, f"/{language}/q/{token}", f"/{language}/q/{token}/letter", address=address)


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize("language", list(SENT))
async def test_link_is_sent_in_the_language_of_its_page(browser: httpx.AsyncClient, language: str) -> None:
    token = await sheet()
    answer = await ask(browser, token, f" {ADDRESS.title()} ", language)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/q/{token}/letter?sent=yes")
    page = await browser.get(answer.headers["location"])
    assert (page.status_code, heading(page)) == (200, SENT[language])
    [letter] = await Letter.select()
    assert (letter["recipient"], letter["language"], letter["kind"]) == ("Anna@kahvila.fi", language, "sheet-link")
    assert json.loads(letter["about"]) == {"link": f"{PUBLIC_URL}/{language}/q/{token}"}


@pytest.mark.usefixtures("chosen")
async def test_link_leads_to_our_own_address_whatever_the_request_says(browser: httpx.AsyncClient) -> None:
    token = await sheet()
    page = await browser.get(f"/en/q/{token}")
    fields = {"address": ADDRESS, "_csrf": form_token(page)}
    await browser.post(f"/en/q/{token}/letter", data=fields, headers={"host": "evil.test"})
    [letter] = await Letter.select(Letter.about)
    assert json.loads(letter["about"]) == {"link": f"{PUBLIC_URL}/en/q/{token}"}


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize("place", ["", "/plan", "/letter"])
async def test_form_stands_where_the_link_is_wanted(browser: httpx.AsyncClient, place: str) -> None:
    token = await sheet()
    page = await browser.get(f"/en/q/{token}{place}")
    assert f'action="/en/q/{token}/letter"' in page.text
    assert '<input class="hds-text-input__input" type="email" id="address" name="address"' in page.text


async def test_without_a_mail_server_there_is_no_form_and_no_page(browser: httpx.AsyncClient) -> None:
    token = await sheet()
    page = await browser.get(f"/en/q/{token}")
    assert 'name="address"' not in page.text
    assert 'href="mailto:?subject=' in page.text
    assert 'name="address"' not in (await browser.get(f"/en/q/{token}/plan")).text
    assert (await browser.get(f"/en/q/{token}/letter")).status_code == 404
    domain = await browser.get(f"/en/q/{token}/domain")
    answer = await browser.post(f"/en/q/{token}/letter", data={"address": ADDRESS, "_csrf": form_token(domain)})
    assert answer.status_code == 404
    assert await Letter.count() == 0


@pytest.mark.usefixtures("chosen")
async def test_nobody_s_sheet_sends_no_letter(browser: httpx.AsyncClient) -> None:
    token = await sheet()
    page = await browser.get(f"/en/q/{token}")
    answer = await browser.post("/en/q/guessed/letter", data={"address": ADDRESS, "_csrf": form_token(page)})
    assert (answer.status_code, await Letter.count()) == (404, 0)
    assert (await browser.get("/en/q/guessed/letter")).status_code == 404


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Type your mail address, like anna@kahvila.fi."),
        ("anna at kahvila.fi", "This does not look like a mail address. Type it like anna@kahvila.fi."),
        ("anna@kahvila.fi\r\nBcc: b@kahvila.fi", "This does not look like a mail address."),
        ('"><script>alert(1)</script>@kahvila.fi', "This does not look like a mail address."),
        ("\u202eanna@kahvila.fi", "This does not look like a mail address."),
        ("a" * 10_000 + "@kahvila.fi", "This does not look like a mail address."),
        ("päivi@kahvila.fi", "We cannot write to addresses with letters such as ä or ö before the @ sign."),
    ],
)
async def test_what_is_no_address_comes_back_with_a_reason(browser: httpx.AsyncClient, typed: str, reason: str) -> None:
    token = await sheet()
    page = await ask(browser, token, typed)
    assert page.status_code == 422
    [summary] = re.findall(r'<li><a href="#address">(.*?)</a></li>', page.text)
    [beside] = re.findall(r'id="address-error">(.*?)</span>', page.text)
    assert unescape(summary) == unescape(beside)
    assert unescape(summary).startswith(reason)
    [kept] = re.findall(r'name="address" value="([^"]*)"', page.text)
    assert unescape(kept) == typed[:300]
    assert page.text.count("<title>Error: ") == 1
    assert "<script>alert" not in page.text
    assert await Letter.count() == 0


@pytest.mark.usefixtures("chosen")
async def test_one_address_gets_few_letters_a_day_however_it_is_written(browser: httpx.AsyncClient) -> None:
    for number in range(letters.PER_ADDRESS_AND_DAY):
        assert (await ask(browser, await sheet(), ADDRESS.upper() if number else ADDRESS)).status_code == 303
    page = await ask(browser, await sheet(), ADDRESS)
    assert (page.status_code, heading(page)) == (429, "Many letters in a short time")
    assert int(page.headers["retry-after"]) > 3600
    assert (await ask(browser, await sheet(), "berta@kahvila.fi")).status_code == 303


@pytest.mark.usefixtures("chosen")
async def test_one_sheet_sends_few_letters_a_day(browser: httpx.AsyncClient) -> None:
    token = await sheet()
    for number in range(letters.PER_SHEET_AND_DAY):
        assert (await ask(browser, token, f"{number}@kahvila.fi")).status_code == 303
    assert (await ask(browser, token, "other@kahvila.fi")).status_code == 429
    assert (await ask(browser, await sheet(), "other@kahvila.fi")).status_code == 303


@pytest.mark.usefixtures("chosen")
async def test_one_client_sends_few_letters_an_hour(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "PER_CLIENT_AND_HOUR", 2)
    for number in range(2):
        assert (await ask(browser, await sheet(), f"{number}@kahvila.fi")).status_code == 303
    assert (await ask(browser, await sheet(), "other@kahvila.fi")).status_code == 429
    assert await Letter.count() == 2


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize(
    ("language", "said"), [("fi", "käytämme osoitettasi kerran"), ("sv", "en gång"), ("en", "your mail address once")]
)
async def test_privacy_page_tells_that_the_address_is_used_once(
    browser: httpx.AsyncClient, language: str, said: str
) -> None:
    assert said in (await browser.get(f"/{language}/data")).text
