"""Signing in by a letter: the form, what it never tells, the link, and where the way goes on."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from portal import clock
from portal.accounts import signing_in
from portal.accounts.tables import Person, Role, RoleKind, Session, SignInLink
from portal.database import rows
from portal.mail.tables import Letter
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.pages.signing_in import ADDRESS, ask, by_letter, link, sends_letters, spend, without_token
from tests.portal.signing import person, signed_in

SENT = {"fi": "Katso sähköpostisi", "sv": "Titta i din e-post", "en": "Look in your mail"}
NEVER_THE_SAME = {"date", "set-cookie", "content-length"}


@pytest.fixture(autouse=True)
def letters(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - bound first
    sends_letters(monkeypatch)


async def test_link_in_the_letter_signs_in_and_makes_the_person(browser: httpx.AsyncClient) -> None:
    answer = await by_letter(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/me")
    [found] = await Person.objects()
    assert (found.address, found.language, len(found.pseudonym)) == (ADDRESS, "en", 32)
    page = await browser.get("/en/me")
    assert (page.status_code, heading(page)) == (200, "My account")
    assert ADDRESS in page.text
    [entry] = await rows("SELECT action, actor, subject FROM audit_entry")
    assert dict(entry) == {"action": "sign-in", "actor": found.pseudonym, "subject": f"person:{found.pseudonym}"}
    assert await SignInLink.count() == 0


async def test_who_signs_in_again_is_the_same_person_however_it_is_written(browser: httpx.AsyncClient) -> None:
    await by_letter(browser)
    [before] = await Person.select()
    browser.cookies.clear()
    await by_letter(browser, ADDRESS.upper().replace("KAHVILA.FI", "kahvila.fi"))
    [after] = await Person.select()
    assert (after["id"], after["address"], after["seen_at"] > before["seen_at"]) == (before["id"], ADDRESS, True)


@pytest.mark.parametrize("language", list(SENT))
async def test_letter_is_in_the_language_of_its_page(browser: httpx.AsyncClient, language: str) -> None:
    answer = await send(browser, f"/{language}/sign-in", f"/{language}/sign-in", address=ADDRESS)
    page = await browser.get(answer.headers["location"])
    assert (page.status_code, heading(page)) == (200, SENT[language])
    [letter] = await Letter.select()
    assert (letter["kind"], letter["language"]) == ("sign-in", language)
    assert (await link()).startswith(f"/{language}/sign-in/")


async def test_nothing_tells_whether_the_address_has_an_account(browser: httpx.AsyncClient) -> None:
    await person("known@kahvila.fi")
    before = await Person.select()
    told = []
    for address in ("known@kahvila.fi", "stranger@kahvila.fi"):
        browser.cookies.clear()
        answer = await ask(browser, address)
        page = await browser.get(answer.headers["location"])
        offered = await browser.get(await link(address))
        headers = [
            {name: text for name, text in each.headers.items() if name not in NEVER_THE_SAME} for each in (answer, page)
        ]
        told.append(
            (answer.status_code, answer.text, page.status_code, without_token(page), *headers, offered.status_code)
        )
    assert told[0] == told[1]
    kept = await SignInLink.select(SignInLink.language, SignInLink.wanted)
    assert (kept[0], await Person.select()) == (kept[1], before)
    known, stranger = await Letter.select(Letter.kind, Letter.status, Letter.language)
    assert known == stranger


async def test_opening_the_link_spends_nothing(browser: httpx.AsyncClient) -> None:
    await ask(browser)
    path = await link()
    for _ in range(3):
        page = await browser.get(path)
        assert heading(page) == "Sign in as a…@kahvila.fi"
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert (await Session.count(), await SignInLink.count(), await Person.count()) == (0, 1, 0)
    assert (await spend(browser, path)).status_code == 303


async def test_link_works_once(browser: httpx.AsyncClient) -> None:
    await ask(browser)
    path = await link()
    page = await browser.get(path)
    token = form_token(page)
    assert (await browser.post(path, data={"_csrf": token})).status_code == 303
    browser.cookies.delete("session")
    again = await browser.post(path, data={"_csrf": token})
    looked = await browser.get(path)
    assert [(each.status_code, heading(each)) for each in (again, looked)] == [(404, "This link is used up")] * 2
    assert 'href="/en/sign-in"' in looked.text
    assert await Session.count() == 1


async def test_absent_and_old_links_are_told_alike(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await ask(browser)
    path = await link()
    absent = await browser.get("/en/sign-in/never-was")
    later = clock.now() + signing_in.LASTS
    monkeypatch.setattr(clock, "now", lambda: later)
    old = await browser.get(path)
    spent = await browser.post(path, data={"_csrf": form_token(await browser.get("/en/sign-in"))})
    assert (old.status_code, absent.status_code, spent.status_code) == (404, 404, 404)
    there = re.compile(r"/sign-in/[\w-]+")
    assert there.sub("", without_token(old)) == there.sub("", without_token(absent))
    assert await Person.count() == 0
    await signing_in.forget_expired()
    assert await SignInLink.count() == 0


async def test_letter_is_not_sent_once_its_link_is_over(browser: httpx.AsyncClient) -> None:
    await ask(browser)
    [letter], [kept] = await Letter.select(), await SignInLink.select()
    assert letter["until"] == kept["expires_at"]
    assert abs(letter["until"] - letter["created_at"] - timedelta(minutes=10)) < timedelta(seconds=5)


async def test_link_is_kept_as_its_hash(browser: httpx.AsyncClient) -> None:
    await ask(browser)
    token = (await link()).rpartition("/")[2]
    [kept] = await SignInLink.select()
    assert len(token) == 43  # 256 bits
    assert token not in str(kept)


async def test_signing_in_begins_a_session_of_its_own(browser: httpx.AsyncClient) -> None:
    somebody = await person("other@kahvila.fi")
    before = await signed_in(browser, somebody)
    shown = browser.cookies["session"]
    await ask(browser, shown="/en/")
    assert (await spend(browser, await link())).status_code == 303
    assert browser.cookies["session"] != shown
    [kept] = await Session.select()
    assert (kept["id"] != before.id, kept["person"] != somebody.id, kept["data"]) == (True, True, "{}")


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/en/me/sessions", "/en/me/sessions"),
        ("/fi/a/abc?view=1", "/fi/a/abc?view=1"),
        ("https://evil.test/", "/en/me"),
        ("//evil.test/en/", "/en/me"),
        ("/en//evil.test", "/en/me"),
        ("/en/\\evil.test", "/en/me"),
        ("/static/../en/", "/en/me"),
        ("javascript:alert(1)", "/en/me"),
    ],
)
async def test_way_goes_on_within_this_site(browser: httpx.AsyncClient, wanted: str, leads: str) -> None:
    page = await browser.get("/en/sign-in", params={"next": wanted})
    named = re.findall(r'name="next" value="([^"]*)"', page.text)
    assert [unescape(each) for each in named] == ([wanted] if leads == wanted else [])
    assert (await by_letter(browser, next=wanted)).headers["location"] == leads
    assert (await browser.get("/en/sign-in", params={"next": wanted})).headers["location"] == leads


async def test_guarded_page_leads_to_the_form_and_back(browser: httpx.AsyncClient) -> None:
    sent_on = await browser.get("/en/me/sessions")
    assert (sent_on.status_code, sent_on.headers["location"]) == (303, "/en/sign-in?next=/en/me/sessions")


async def test_who_has_a_task_goes_on_to_the_second_step(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    await Role(person=somebody.id, kind=RoleKind.ADMINISTRATOR.value).save()
    answer = await by_letter(browser, next="/en/administration")
    assert answer.headers["location"] == "/en/me/second-step?next=/en/administration"


@pytest.mark.parametrize(
    "typed", ["", "anna at kahvila.fi", "a@b.fi\r\nBcc: c@b.fi", '"><script>alert(1)</script>@b.fi']
)
async def test_what_is_no_address_comes_back_with_a_reason(browser: httpx.AsyncClient, typed: str) -> None:
    page = await ask(browser, typed, next="/en/me/name", keep="q/abc")
    assert page.status_code == 422
    assert page.text.count("<title>Error: ") == 1
    assert 'name="next" value="/en/me/name"' in page.text
    assert 'name="keep" value="q/abc"' in page.text
    assert "<script>alert" not in page.text
    assert (await Letter.count(), await SignInLink.count()) == (0, 0)


async def test_one_address_gets_few_links_whoever_asks(browser: httpx.AsyncClient) -> None:
    for _ in range(signing_in.PER_ADDRESS[0][0]):
        assert (await ask(browser)).status_code == 303
    page = await ask(browser, ADDRESS.upper())
    assert (page.status_code, heading(page)) == (429, "Many letters in a short time")
    assert 0 < int(page.headers["retry-after"]) <= 3600
    assert (await ask(browser, "berta@kahvila.fi")).status_code == 303
    assert await Letter.count() == signing_in.PER_ADDRESS[0][0] + 1


async def test_one_client_gets_few_links(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "PER_CLIENT", ((2, timedelta(hours=1)), (3, timedelta(days=1))))
    for number in range(2):
        assert (await ask(browser, f"{number}@kahvila.fi")).status_code == 303
    page = await ask(browser, "other@kahvila.fi")
    assert (page.status_code, "retry-after" in page.headers) == (429, True)


async def test_write_from_another_site_is_refused(browser: httpx.AsyncClient) -> None:
    await ask(browser)
    path = await link()
    token = form_token(await browser.get(path))
    answer = await browser.post(path, data={"_csrf": token}, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, await SignInLink.count()) == (403, 1)
    assert (await browser.post(path, data={"_csrf": "forged"})).status_code == 403
