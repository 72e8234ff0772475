"""What an owner shares: made, seen by whoever has the link, ended; and never the owner's own address."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from checks.contract import Record
from portal.accounts.viewer import VISITOR
from portal.assessments.sheets.storage import by_token
from portal.assessments.tables import AnswerSheet, Assessment
from portal.sharing.tables import ShareLink
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, made
from tests.portal.pages.answering import everything, sheet_with, text
from tests.portal.pages.asking import finish, keep, send

pytestmark = pytest.mark.usefixtures("portal")

ENCRYPTED = made("mail.starttls", "encrypted", "mx.kahvila.test", tls_version="TLS 1.3")
AUDIENCES = ("report", "letter", "summary")
LANGUAGES = ("fi", "sv", "en")
HOSTILE = {
    "tag": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="<img src=x onerror=alert(1)>',
    "template": "{{ 7 * 7 }}{% raw %}",
    "right-to-left": "\u202egnp.exe\u202c",
    "zero-width": "a\u200bb\u2060c\ufeffd",
    "emoji": "👩‍💻 🏴‍☠️",
    "long": "x" * 10_000,
}


async def own_check() -> Assessment:
    return await keep(NO_DMARC, ENCRYPTED)


async def own_sheet() -> AnswerSheet:
    return await sheet_with(everything(-1) | {"backup": "none"}, await own_check())


async def shared(browser: httpx.AsyncClient, home: str, audience: str, **fields: str) -> ShareLink:
    """A link, made as its owner makes it."""
    usual = {"tick": f"mail-encrypted@{DOMAIN}"} if audience == "summary" else {}
    path = f"{home}/share/{audience}"
    answer = await send(browser, path, path, **{"days": "30", "tongue": "en", **usual, **fields})
    assert answer.status_code == 303, text(answer)
    row = await ShareLink.objects().order_by(ShareLink.created_at, ascending=False).first()
    assert row is not None
    return row


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
async def test_a_link_of_a_sheet_opens_in_every_language_and_names_no_address_of_the_owner(
    browser: httpx.AsyncClient, audience: str, language: str
) -> None:
    sheet = await own_sheet()
    link = await shared(browser, f"/en/q/{sheet.token}", audience)
    page = await browser.get(f"/{language}/s/{link.token}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert "/q/" not in page.text
    assert "/a/" not in page.text
    assert sheet.token not in page.text


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_a_link_of_a_check_names_no_address_of_the_owner(browser: httpx.AsyncClient, audience: str) -> None:
    check = await own_check()
    link = await shared(browser, f"/en/a/{check.token}", audience)
    page = await browser.get(f"/en/s/{link.token}")
    assert page.status_code == 200
    assert "/a/" not in page.text
    assert check.token not in page.text


async def test_what_is_shared_is_in_no_cache_and_no_search_engine(browser: httpx.AsyncClient) -> None:
    link = await shared(browser, f"/en/a/{(await own_check()).token}", "report")
    page = await browser.get(f"/en/s/{link.token}")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_ended_or_expired_link_is_like_one_that_never_was(browser: httpx.AsyncClient, language: str) -> None:
    home = f"/en/a/{(await own_check()).token}"
    ended, expired = await shared(browser, home, "report"), await shared(browser, home, "letter")
    answer = await send(browser, f"{home}/share", f"{home}/share/end", link=ended.token)
    assert answer.headers["location"] == f"{home}/share?told=ended"
    await ShareLink.update({ShareLink.expires_at: datetime.now(UTC)}).where(ShareLink.id == expired.id)
    pages = [await browser.get(f"/{language}/s/{token}") for token in (ended.token, expired.token, "never-was")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({text(page) for page in pages}) == 1
    assert len({re.sub(r"/s/[\w-]+", "", page.text) for page in pages}) == 1


async def test_who_can_see_this_tells_what_since_when_until_when_and_when_last_opened(
    browser: httpx.AsyncClient,
) -> None:
    home = f"/en/a/{(await own_check()).token}"
    assert "Nothing is shared by a link." in text(await browser.get(f"{home}/share"))
    link = await shared(browser, home, "letter", note="Anna, our IT", days="7", tongue="sv")
    page = await browser.get(f"{home}/share?told=made")
    assert "The link is ready." in text(page)
    assert "The letter to your IT provider: Anna, our IT" in text(page)
    assert f"http://127.0.0.1:8000/sv/s/{link.token}" in page.text
    assert "Last opened Not yet" in text(page)
    assert link.expires_at - link.created_at == timedelta(days=7)
    await browser.get(f"/fi/s/{link.token}")
    assert "Last opened 2" in text(await browser.get(f"{home}/share"))
    assert "Anna" not in text(await browser.get(f"/fi/s/{link.token}"))


async def test_a_summary_shows_what_was_ticked_with_its_source_and_date_and_nothing_else(
    browser: httpx.AsyncClient,
) -> None:
    sheet = await own_sheet()
    home = f"/en/q/{sheet.token}"
    offered = await browser.get(f"{home}/share/summary")
    boxes = re.findall(r'<input class="tick__box"[^>]*>', offered.text)
    assert boxes
    assert not [box for box in boxes if "checked" in box]
    link = await shared(browser, home, "summary")
    said = text(await browser.get(f"/en/s/{link.token}"))
    assert "The mail server lets mail travel encrypted (STARTTLS). Seen at kahvila.test on 23 November 2026" in said
    assert "Stated by the firm" not in said
    assert "Score" not in said
    assert "DMARC" not in said


async def test_what_the_firm_states_is_said_to_be_unverified(browser: httpx.AsyncClient) -> None:
    sheet = await sheet_with(everything(-1))
    link = await shared(browser, f"/en/q/{sheet.token}", "summary", tick="backup-restore")
    said = text(await browser.get(f"/en/s/{link.token}"))
    assert "The firm says so itself. Nobody has verified it." in said
    assert re.search(r"Backups are tested: .* Stated by the firm on \d", said)


@pytest.mark.parametrize("fields", [{}, {"tick": "nonsense"}, {"tick": f"forged-mail@{DOMAIN}"}])
async def test_a_summary_without_a_tick_that_holds_comes_back(
    browser: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    path = f"/en/a/{(await own_check()).token}/share/summary"
    page = await send(browser, path, path, days="7", tongue="sv", note="Bank", **fields)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert 'name="days" value="7" checked' in page.text
    assert 'name="tongue" value="sv" checked' in page.text
    assert 'value="Bank"' in page.text
    assert await ShareLink.count() == 0


async def test_a_choice_that_the_form_does_not_offer_counts_as_the_usual_one(browser: httpx.AsyncClient) -> None:
    link = await shared(browser, f"/fi/a/{(await own_check()).token}", "report", days="99999", tongue="xx")
    assert (link.language, link.expires_at - link.created_at) == ("fi", timedelta(days=30))


async def test_there_is_nothing_else_to_share(browser: httpx.AsyncClient) -> None:
    own = await own_check()
    assert (await browser.get(f"/en/a/{own.token}/share/everything")).status_code == 404
    assert (await browser.get("/en/a/nobody-s/share")).status_code == 404
    assert (await browser.get(f"/en/q/{own.token}/share")).status_code == 404


async def test_the_letter_is_complete_and_without_scores(browser: httpx.AsyncClient) -> None:
    link = await shared(browser, f"/en/a/{(await own_check()).token}", "letter")
    page = await browser.get(f"/en/s/{link.token}")
    assert f'data-copy="v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}"' in page.text
    assert "To the IT provider" in text(page)
    assert "points" not in text(page)
    assert "out of 100" not in text(page)


async def test_whoever_mends_it_checks_again_and_the_owner_sees_the_result(browser: httpx.AsyncClient) -> None:
    own = await own_check()
    home = f"/en/a/{own.token}"
    link = await shared(browser, home, "letter")
    shown = f"/en/s/{link.token}"
    answer = await send(browser, shown, f"{shown}/check", domain=DOMAIN, mine="yes")
    assert answer.headers["location"] == f"{shown}#again"
    page = await browser.get(shown)
    assert "We are looking at it now." in text(page)
    assert "/a/" not in page.text
    [again] = await Assessment.objects().where(Assessment.previous == own.id)
    assert again.stated
    await finish(again, ENCRYPTED)
    assert "There is nothing left to mend for you." in text(await browser.get(shown))
    assert "Domain checked again through it" in text(await browser.get(f"{home}/share"))
    assert f"/en/a/{again.token}" in (await browser.get(f"{home}/share")).text


async def test_letter_and_summary_of_two_domains_name_each_and_either_is_checked_again(
    browser: httpx.AsyncClient,
) -> None:
    sheet = await own_sheet()
    home = f"/en/q/{sheet.token}"
    await send(browser, f"{home}/domain", f"{home}/domain", domain="toinen.test")
    second = (await by_token(sheet.token, VISITOR)).domains[1].newest
    await finish(
        second,
        made("mail.dmarc", "absent", "toinen.test"),
        made("mail.starttls", "encrypted", "mx.toinen.test", tls_version="TLS 1.3"),
    )
    letter = await shared(browser, home, "letter")
    page = f"/en/s/{letter.token}"
    assert f"For {DOMAIN}, toinen.test" in text(await browser.get(page))
    await send(browser, page, f"{page}/check", domain="toinen.test")
    assert [each.under_way for each in (await by_token(sheet.token, VISITOR)).domains] == [False, True]
    summary = await shared(browser, home, "summary", tick="mail-encrypted@toinen.test")
    told = text(await browser.get(f"/en/s/{summary.token}"))
    assert f"{DOMAIN}, toinen.test" in told
    assert "Seen at toinen.test on " in told


@pytest.mark.parametrize("audience", ["report", "summary"])
async def test_only_a_letter_checks_again(browser: httpx.AsyncClient, audience: str) -> None:
    link = await shared(browser, f"/en/a/{(await own_check()).token}", audience)
    page = await send(browser, "/en", f"/en/s/{link.token}/check", domain=DOMAIN)
    assert (page.status_code, await Assessment.count()) == (404, 1)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_a_hostile_text_stays_text(browser: httpx.AsyncClient, audience: str, name: str) -> None:
    evil = HOSTILE[name]
    found = made("mail.starttls", "encrypted", "mx.kahvila.test", tls_version=evil)
    fault = made("dns.caa", "absent", records=(Record("add", DOMAIN, "CAA", evil),), found=evil)
    home = f"/en/a/{(await keep(found, fault)).token}"
    link = await shared(browser, home, audience, note=evil)
    for path in (f"/en/s/{link.token}", f"{home}/share"):
        page = await browser.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert 'onmouseover="' not in page.text
    assert evil.strip()[:100] in unescape((await browser.get(f"{home}/share")).text)
