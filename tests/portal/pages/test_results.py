"""A result as its reader wants to see it: a part of it, with another provider's steps, all in the address."""

import re
from html import unescape

import httpx
import pytest

from checks.contract import DNS_TIMEOUT, Finding, Severity, Status
from portal.assessments.tables import Stage
from tests.portal.assessments.findings import AT_ZONER, CLOSED, DOMAIN, NO_DMARC, made
from tests.portal.pages.answering import text
from tests.portal.pages.asking import keep

pytestmark = [
    pytest.mark.usefixtures("portal"),
    pytest.mark.parametrize("installation", ["sqlite"], indirect=True),
]
UNTOLD = Finding("mail.spf", Status.UNKNOWN, Severity.INFO, DOMAIN, DNS_TIMEOUT.name, {})
NO_CAA = made("dns.caa", "absent")
FORGED, VOUCHED = "Anyone can send mail in your company's name.", "Dozens of companies may vouch"


async def _shown(browser: httpx.AsyncClient, query: str, *findings: Finding, language: str = "en") -> httpx.Response:
    row = await keep(*(findings or (NO_DMARC, NO_CAA, AT_ZONER, CLOSED, UNTOLD)))
    return await browser.get(f"/{language}/a/{row.token}{query}")


def _links(page: httpx.Response, words: str) -> list[str]:
    """Where links lead whose text, count and hidden words left out, is this."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    return [unescape(address) for address, inside in found if inside.partition("<")[0].strip() == words]


async def test_each_choice_is_an_address_with_its_count(browser: httpx.AsyncClient) -> None:
    page = await _shown(browser, "")
    assert FORGED in text(page)
    assert "To do 2 Could not tell 1 Fine 2" in text(page).replace("All 5 ", "", 1)
    [mail] = _links(page, "Mail")
    assert mail.endswith("?topic=mail#found")
    of_mail = await browser.get(mail)
    assert FORGED in text(of_mail)
    assert VOUCHED not in text(of_mail)
    assert "2 of 5 shown" in text(of_mail)
    [to_do] = _links(of_mail, "To do")
    assert to_do.endswith("?topic=mail&show=to-do#found")
    [whole] = _links(of_mail, "Show all")
    assert VOUCHED in text(await browser.get(whole))


@pytest.mark.parametrize(
    ("language", "shown", "whole"),
    [("fi", "Näkyvissä 2/5", "Näytä kaikki"), ("sv", "2 av 5 visas", "Visa alla"), ("en", "2 of 5 shown", "Show all")],
)
async def test_a_part_says_that_it_is_one(browser: httpx.AsyncClient, language: str, shown: str, whole: str) -> None:
    page = await _shown(browser, "?topic=mail", language=language)
    assert shown in text(page)
    assert len(_links(page, whole)) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?topic=web&show=to-do", "There is nothing to do here that we could see."),
        ("?topic=dns&show=unknown", "There is nothing here that we could not tell."),
        ("?topic=mail&show=fine", "But 1 thing we could not tell."),
        ("?topic=ports&show=to-do", "We have not looked at the doors to the internet"),
    ],
)
async def test_an_empty_part_is_no_all_clear(browser: httpx.AsyncClient, query: str, said: str) -> None:
    page = await _shown(browser, query, NO_DMARC, NO_CAA, UNTOLD)
    assert said in text(page)
    assert "Do first" not in text(page)


@pytest.mark.parametrize(
    "query",
    [
        "?topic=pigeons",
        "?show=%00",
        "?topic=&show=all",
        "?topic=mail%27--&dns=nobody",
        "?about=mail.dmarc",
        "?about=%00",
    ],
)
async def test_nonsense_in_the_address_shows_all_of_it(browser: httpx.AsyncClient, query: str) -> None:
    page = await _shown(browser, query)
    assert page.status_code == 200
    assert FORGED in text(page)
    assert VOUCHED in text(page)
    assert 'id="this"' not in page.text
    assert "You chose" not in text(page)


async def test_a_check_that_runs_keeps_what_was_asked_for(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC, stage=Stage.RUNNING)
    page = await browser.get(f"/en/a/{row.token}?topic=dns&show=fine")
    assert FORGED in text(page)
    assert f'hx-get="/en/a/{row.token}?topic=dns&amp;show=fine"' in page.text


@pytest.mark.parametrize(
    ("language", "guess", "chosen", "general"),
    [
        ("en", "settings are kept at Zoner", "You chose the steps for Louhi.", "You chose the general steps."),
        ("fi", "nähdäksemme palvelussa Zoner", "Valitsit ohjeet palveluun Louhi.", "Valitsit yleiset ohjeet."),
        ("sv", "inställningar finns hos Zoner", "Du har valt anvisningarna för Louhi.", "allmänna anvisningarna."),
    ],
)
async def test_another_provider_s_steps_are_an_address_away(
    browser: httpx.AsyncClient, language: str, guess: str, chosen: str, general: str
) -> None:
    page = await _shown(browser, "?topic=mail", language=language)
    assert guess in text(page)
    assert "Oma Zoner" in text(page)
    [louhi] = _links(page, "Louhi")
    assert "?topic=mail&dns=louhi#mail-dmarc" in louhi
    with_louhi = await browser.get(louhi)
    assert chosen in text(with_louhi)
    assert "Louhi Konsoli" in text(with_louhi)
    assert "Oma Zoner" not in text(with_louhi)
    [back] = _links(with_louhi, "Zoner")
    assert "dns=" not in back
    everywhere = await browser.get(louhi.replace("dns=louhi", "dns=general"))
    assert general in text(everywhere)
    assert "console__title" not in everywhere.text


async def test_whoever_we_cannot_see_can_be_named(browser: httpx.AsyncClient) -> None:
    page = await _shown(browser, "", NO_DMARC)
    assert "Where are the domain's settings kept?" in text(page)
    assert "console__title" not in page.text
    chosen = await browser.get(_links(page, "Cloudflare")[0])
    assert "Steps for Cloudflare" in text(chosen)
    [undone] = _links(chosen, "None of these: the general steps")
    assert "dns=" not in undone


async def test_a_choice_is_for_its_role_alone_and_says_whose_a_thing_is(browser: httpx.AsyncClient) -> None:
    page = await _shown(browser, "?dns=shopify&web=cloudflare", made("dns.dnssec", "unsigned", zone=DOMAIN))
    assert page.status_code == 200
    assert "You chose" in text(page)
    assert "Steps for Cloudflare" not in text(page)


async def test_every_button_that_copies_has_a_name_of_its_own(browser: httpx.AsyncClient) -> None:
    spf = made("mail.spf_all", "neutral", record="v=spf1 mx ?all")
    page = await _shown(browser, "", NO_DMARC, spf, NO_CAA)
    buttons = re.findall(r'<button class="copy".*?</button>', page.text, re.DOTALL)
    names = [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in buttons]
    assert len(names) >= 3
    assert len(set(names)) == len(names)
    assert f"Copy Value: TXT _dmarc.{DOMAIN}, Find out who uses your name" in " | ".join(names)
