"""The account of whoever is signed in: what is kept, where they are signed in, how they are called, and the way out."""

import httpx
import pytest

from portal.accounts import sessions
from portal.accounts.tables import Person, RoleKind, Session
from portal.assessments.tables import AnswerSheet, Assessment, Stage
from portal.database import rows
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.pages.answering import everything, sheet_with, text
from tests.portal.pages.asking import heading, keep, send
from tests.portal.signing import city, firm_of, give_role, person, signed_in, startup_of

ADDRESS = "anna@kahvila.fi"


async def test_firm_s_answers_and_domains_stand_there(browser: httpx.AsyncClient) -> None:
    owner, colleague = await person(ADDRESS), await person("berta@kahvila.fi")
    firm = await firm_of(owner, colleague)
    check, older, sheet = await keep(NO_DMARC), await keep(), await sheet_with(everything(0))
    for each in (check, older):
        await Assessment.update({Assessment.firm: firm.id}).where(Assessment.id == each.id)
    await Assessment.update({Assessment.created_at: older.created_at}).where(Assessment.id == older.id)
    await rows("UPDATE assessment SET created_at = {} WHERE id = {}", check.created_at.replace(year=2025), older.id)
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == sheet.id)
    for somebody in (owner, colleague):
        await signed_in(browser, somebody)
        page = await browser.get("/en/me")
        said = text(page)
        assert "Kahvila Kulma" in said
        assert "All questions are answered. Your score is 0" in said
        assert "Anyone can send mail in your company's name" in said
        assert "The result of 23 November 2026" in said
        assert f'href="/en/a/{check.token}"' in page.text
        assert older.token not in page.text
        for place in ("", "/plan", "/report"):
            assert f'href="/en/q/{sheet.token}{place}"' in page.text


@pytest.mark.parametrize(("stage", "said"), [(Stage.RUNNING, "right now"), (Stage.FAILED, "did not succeed")])
async def test_check_that_is_no_result_says_how_it_stands(browser: httpx.AsyncClient, stage: Stage, said: str) -> None:
    owner = await person(ADDRESS)
    firm = await firm_of(owner)
    check = await keep(stage=stage)
    await Assessment.update({Assessment.firm: firm.id}).where(Assessment.id == check.id)
    await signed_in(browser, owner)
    assert said in (await browser.get("/en/me")).text


async def test_nothing_of_others_stands_there(browser: httpx.AsyncClient) -> None:
    await firm_of(await person("other@kahvila.fi"), name="Another")
    await signed_in(browser, await person(ADDRESS))
    page = await browser.get("/en/me")
    assert "Another" not in page.text
    assert "Nothing is kept here yet." in page.text


async def test_startups_and_tasks_lead_onward(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    startup, helsinki = await startup_of(somebody), await city("helsinki")
    await give_role(somebody, RoleKind.ORGANISER, helsinki)
    await give_role(somebody, RoleKind.ADMINISTRATOR)
    await signed_in(browser, somebody)
    page = await browser.get("/en/me")
    for path in (f"/en/organisation/{startup.id}", "/en/city/helsinki/manage", "/en/administration", "/en/me#tasks"):
        assert f'href="{path}"' in page.text


async def test_header_says_who_is_signed_in(browser: httpx.AsyncClient) -> None:
    assert 'href="/en/me"' not in (await browser.get("/en/")).text
    await signed_in(browser, await person(ADDRESS))
    page = await browser.get("/en/")
    assert 'href="/en/me"' in page.text
    assert "/en/me#tasks" not in page.text


async def test_signing_out_ends_the_session(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    await signed_in(browser, somebody)
    shown = browser.cookies["session"]
    answer = await send(browser, "/en/me", "/en/me/sign-out")
    assert (answer.status_code, answer.headers["location"], await Session.count()) == (303, "/en/", 0)
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    browser.cookies.set("session", shown)
    assert (await browser.get("/en/me")).headers["location"] == "/en/sign-in?next=/en/me"
    [entry] = await rows("SELECT action, actor FROM audit_entry")
    assert dict(entry) == {"action": "sign-out", "actor": somebody.pseudonym}


async def test_sessions_are_listed_and_ended(browser: httpx.AsyncClient) -> None:
    somebody, other = await person(ADDRESS), await person("other@kahvila.fi")
    old = await signed_in(browser, somebody)
    shown = browser.cookies["session"]
    foreign = await signed_in(browser, other)
    browser.cookies.clear()
    this = await signed_in(browser, somebody)
    path = "/en/me/sessions"
    page = await browser.get(path)
    assert (page.text.count("Firefox, Linux</h2>") + page.text.count("(this one)"), str(foreign.id) in page.text) == (
        2,
        False,
    )
    for named in (str(foreign.id), "nonsense", ""):
        assert (await send(browser, path, path, session=named)).status_code == 303
    assert await Session.count() == 3
    await send(browser, path, path, session=str(old.id))
    assert {row["id"] for row in await Session.select(Session.id)} == {this.id, foreign.id}
    assert await sessions.load(shown) is None


async def test_all_others_are_ended_at_once(browser: httpx.AsyncClient) -> None:
    somebody, other = await person(ADDRESS), await person("other@kahvila.fi")
    for each in (other, somebody, somebody):
        await signed_in(browser, each)
    this = await signed_in(browser, somebody)
    await send(browser, "/en/me/sessions", "/en/me/sessions", session="others")
    left = {row["id"] for row in await Session.select(Session.id).where(Session.person == somebody.id)}
    assert (left, await Session.count()) == ({this.id}, 2)
    answer = await send(browser, "/en/me/sessions", "/en/me/sessions", session=str(this.id))
    assert (answer.headers["location"], await Session.count()) == ("/en/", 1)
    acts = [row["action"] for row in await rows("SELECT action FROM audit_entry ORDER BY seq")]
    assert acts == ["session-ended", "sign-out"]


async def test_request_in_flight_does_not_bring_an_ended_session_back(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    row = await signed_in(browser, somebody)
    shown = browser.cookies["session"]
    await sessions.end_others(somebody.id, None)
    await sessions.update(row, {}, {"holder": "changed"})
    raised = await sessions.keep_under_new_id(row, {}, sessions.Rise(stepped_up=True))
    assert [await sessions.load(each) for each in (shown, raised)] == [None, None]
    assert await Session.count() == 0


async def test_name_and_language_are_kept(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    await signed_in(browser, somebody)
    answer = await send(browser, "/en/me/name", "/en/me/name", name=" Anna\u202e  Aalto ", tongue="sv")
    assert answer.headers["location"] == "/sv/me"
    [kept] = await Person.objects()
    assert (kept.name, kept.language) == ("Anna Aalto", "sv")
    assert heading(await browser.get("/sv/me")) == "Mitt konto"
    refused = await send(browser, "/en/me/name", "/en/me/name", name="a" * 101, tongue="fi")
    assert (refused.status_code, refused.text.count("<title>Error: ")) == (422, 1)
    await send(browser, "/en/me/name", "/en/me/name", name="", tongue="xx")
    [kept] = await Person.objects()
    assert (kept.name, kept.language) == ("", "sv")
