"""Keeping a check or a sheet in an account: at sign-in and after it, once, and without breaking anything."""

import asyncio

import httpx
import pytest

from portal.accounts.tables import Membership, Organisation, Person
from portal.accounts.viewer import VISITOR, Viewer
from portal.assessments import claiming, queries, running, service
from portal.assessments.claiming import Kept, Kind
from portal.assessments.sheets import service as sheets
from portal.assessments.sheets import storage
from portal.assessments.sheets.domains import keep_domain
from portal.assessments.tables import AnswerSheet, Assessment, Report, Stage
from portal.database import rows
from portal.errors import AssessmentNotFoundError, SheetNotFoundError
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.pages.answering import sheet_with, text
from tests.portal.pages.asking import DOMAIN, heading, keep, keep_report, send
from tests.portal.pages.signing_in import ADDRESS, ask, link, sends_letters, spend
from tests.portal.signing import firm_of, person, signed_in

KEPT = "It is kept in your account."
AT_ONCE = 8


@pytest.fixture
def letters(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - bound first
    sends_letters(monkeypatch)


async def whose(table: type[AnswerSheet | Assessment], token: str) -> object:
    [found] = await table.select(table.firm).where(table.token == token)
    return found["firm"]


async def sign_in_and_keep(browser: httpx.AsyncClient, kept: str) -> httpx.Response:
    """From the quiet link to the end."""
    assert (await ask(browser, shown=f"/en/{kept}/keep", keep=kept)).status_code == 303
    path = await link()
    assert "kept in your account" in (await browser.get(path)).text
    return await spend(browser, path)


@pytest.mark.usefixtures("letters")
async def test_signing_in_keeps_the_sheet_and_its_checks(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    sheet = await sheet_with({"backup": "none"}, check)
    assert f'href="/en/q/{sheet.token}/keep"' in (await browser.get(f"/en/q/{sheet.token}/plan")).text
    answer = await sign_in_and_keep(browser, f"q/{sheet.token}")
    assert answer.headers["location"] == f"/en/q/{sheet.token}?told=kept"
    page = await browser.get(answer.headers["location"])
    assert KEPT in page.text
    [firm] = await Organisation.objects()
    [owner] = await Membership.select()
    assert (firm.name, firm.kind, owner["is_owner"]) == (DOMAIN, "firm", True)
    assert [await whose(AnswerSheet, sheet.token), await whose(Assessment, check.token)] == [firm.id, firm.id]
    [*_, entry] = await rows("SELECT action, subject FROM audit_entry ORDER BY seq")
    assert dict(entry) == {"action": "assessment-claimed", "subject": f"sheet:{sheet.id}"}
    browser.cookies.clear()
    paths = [f"/en/q/{sheet.token}", f"/en/q/{sheet.token}/plan", f"/en/a/{check.token}"]
    assert [(await browser.get(path)).status_code for path in paths] == [404, 404, 404]


@pytest.mark.usefixtures("letters")
async def test_signing_in_keeps_a_check(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    assert f'href="/en/a/{check.token}/keep"' in (await browser.get(f"/en/a/{check.token}")).text
    answer = await sign_in_and_keep(browser, f"a/{check.token}")
    page = await browser.get(answer.headers["location"])
    assert KEPT in page.text
    assert "/keep" not in page.text


@pytest.mark.usefixtures("letters")
async def test_who_has_a_firm_says_first_which_one(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    await firm_of(somebody)
    check = await keep(NO_DMARC)
    answer = await sign_in_and_keep(browser, f"a/{check.token}")
    assert answer.headers["location"] == f"/en/a/{check.token}/keep"
    assert await whose(Assessment, check.token) is None
    assert heading(await browser.get(answer.headers["location"])) == "Keep it in my account"


@pytest.mark.usefixtures("letters")
async def test_what_somebody_else_kept_meanwhile_stays_theirs(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    assert (await ask(browser, shown=f"/en/a/{check.token}/keep", keep=f"a/{check.token}")).status_code == 303
    other = await firm_of(await person("other@kahvila.fi"))
    await Assessment.update({Assessment.firm: other.id}).where(Assessment.id == check.id)
    answer = await spend(browser, await link())
    assert answer.headers["location"] == "/en/me"
    assert (await whose(Assessment, check.token), await Organisation.count()) == (other.id, 1)


async def test_signed_in_owner_chooses_a_firm(browser: httpx.AsyncClient) -> None:
    somebody, sheet = await person(ADDRESS), await sheet_with({})
    first, second = await firm_of(somebody, name="Alfa"), await firm_of(somebody, name="Beeta")
    await signed_in(browser, somebody)
    path = f"/en/q/{sheet.token}/keep"
    page = await browser.get(path)
    assert "From then on only you and whom you invite can open it." in page.text
    assert (page.text.count('type="radio"'), "checked" in page.text) == (3, False)
    refused = await send(browser, path, path)
    assert (refused.status_code, refused.text.count("<title>Error: ")) == (422, 1)
    answer = await send(browser, path, path, firm=str(second.id))
    assert answer.headers["location"] == f"/en/q/{sheet.token}?told=kept"
    assert await whose(AnswerSheet, sheet.token) == second.id != first.id
    assert (await browser.get(path)).headers["location"] == f"/en/q/{sheet.token}"
    again = await send(browser, "/en/me", path, firm=str(first.id))
    assert (again.status_code, await whose(AnswerSheet, sheet.token)) == (303, second.id)


async def test_signed_in_owner_names_a_new_firm(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    await signed_in(browser, await person(ADDRESS))
    path = f"/en/a/{check.token}/keep"
    assert f'value="{DOMAIN}"' in (await browser.get(path)).text
    refused = await send(browser, path, path, name="  ")
    assert (refused.status_code, await Organisation.count()) == (422, 0)
    await send(browser, path, path, name="Kahvila Kulma")
    [firm] = await Organisation.objects()
    assert (firm.name, await whose(Assessment, check.token)) == ("Kahvila Kulma", firm.id)


async def test_nobody_keeps_anything_in_another_s_firm(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    other = await firm_of(await person("other@kahvila.fi"))
    await signed_in(browser, await person(ADDRESS))
    path = f"/en/a/{check.token}/keep"
    for named in (str(other.id), "nonsense"):
        assert (await send(browser, path, path, firm=named)).status_code == 404
    assert await whose(Assessment, check.token) is None


async def test_visitor_s_form_keeps_nothing(browser: httpx.AsyncClient) -> None:
    sheet = await sheet_with({})
    answer = await send(browser, f"/en/q/{sheet.token}/domain", f"/en/q/{sheet.token}/keep", name="A")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/sign-in")
    assert await whose(AnswerSheet, sheet.token) is None


async def test_of_several_who_claim_at_once_one_does(browser: httpx.AsyncClient) -> None:  # noqa: ARG001 - the database
    check, sheet = await keep(NO_DMARC), await sheet_with({})
    people: list[tuple[Organisation, Person]] = []
    for number in range(AT_ONCE):
        somebody = await person(f"{number}@kahvila.fi")
        people.append((await firm_of(somebody), somebody))
    for kept, table in ((Kept(Kind.CHECK, check.token), Assessment), (Kept(Kind.SHEET, sheet.token), AnswerSheet)):
        tries = [
            claiming.claim(kept, firm.id, Viewer(person=each.id, pseudonym=each.pseudonym, firms=frozenset({firm.id})))
            for firm, each in people
        ]
        ended = await asyncio.gather(*tries, return_exceptions=True)
        won = [place for place, each in enumerate(ended) if each is None]
        assert len(won) == 1
        lost = {type(each) for each in ended if each is not None}
        assert lost <= {AssessmentNotFoundError, SheetNotFoundError}
        assert await whose(table, kept.token) == people[won[0]][0].id
    claims = await rows("SELECT seq FROM audit_entry WHERE action = 'assessment-claimed'")
    assert len(claims) == 2


async def test_running_check_and_its_report_end_though_it_is_claimed(browser: httpx.AsyncClient) -> None:
    somebody = await person(ADDRESS)
    firm = await firm_of(somebody)
    check = await service.start("example.fi", "en", "somebody")
    viewer = Viewer(person=somebody.id, pseudonym=somebody.pseudonym, firms=frozenset({firm.id}))
    work = asyncio.create_task(running.run_check(check.id))
    await asyncio.sleep(0.05)
    await claiming.claim(Kept(Kind.CHECK, check.token), firm.id, viewer)
    await work
    ended = await queries.by_id(check.id)
    assert (ended.status, ended.firm) == (Stage.DONE.value, firm.id)
    await signed_in(browser, somebody)
    answer = await send(browser, f"/en/a/{check.token}", f"/en/a/{check.token}/report")
    assert (answer.status_code, await Report.count()) == (303, 1)


async def test_report_that_was_asked_for_before_is_there_after(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    await keep_report(check, Stage.DONE, b"%PDF-1.7")
    somebody = await person(ADDRESS)
    firm = await firm_of(somebody)
    await signed_in(browser, somebody)
    path = f"/en/a/{check.token}/keep"
    await send(browser, path, path, firm=str(firm.id))
    assert "report.pdf" in (await browser.get(f"/en/a/{check.token}")).text


async def test_sheet_knows_its_newest_check_after_claiming(browser: httpx.AsyncClient) -> None:
    first = await keep(NO_DMARC)
    sheet = await sheet_with({}, first)
    newest = await keep(NO_DMARC)
    await Assessment.update({Assessment.previous: first.id}).where(Assessment.id == newest.id)
    somebody = await person(ADDRESS)
    firm = await firm_of(somebody)
    await signed_in(browser, somebody)
    path = f"/en/q/{sheet.token}/keep"
    await send(browser, path, path, firm=str(firm.id))
    kept = await storage.by_id(sheet.id)
    assert (kept.domains[0].newest.id, kept.domains[0].newest.firm) == (newest.id, firm.id)
    assert await whose(Assessment, first.token) == firm.id


async def test_check_begun_while_the_sheet_is_claimed_is_the_firm_s(browser: httpx.AsyncClient) -> None:  # noqa: ARG001 - the database
    sheet, somebody = await sheet_with({}), await person(ADDRESS)
    firm = await firm_of(somebody)
    kept = await storage.by_token(sheet.token, VISITOR)
    viewer = Viewer(person=somebody.id, pseudonym=somebody.pseudonym, firms=frozenset({firm.id}))
    begun = await service.start("example.fi", "en", "somebody")
    await claiming.claim(Kept(Kind.SHEET, sheet.token), firm.id, viewer)
    await keep_domain(kept.row, begun)
    assert await whose(Assessment, begun.token) == firm.id
    again = await sheets.have_checked(await storage.by_id(sheet.id), "example.fi", "somebody", stated=False)
    assert await whose(Assessment, again.token) == firm.id


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize("path", ["/en/a/{}", "/en/q/{}", "/en/q/{}/plan"])
async def test_page_of_what_may_be_kept_offers_to_sign_in(browser: httpx.AsyncClient, path: str) -> None:
    check, sheet = await keep(NO_DMARC), await sheet_with({})
    firm = await firm_of(await person("other@kahvila.fi"))
    await Assessment.update({Assessment.firm: firm.id}).where(Assessment.id == check.id)
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == sheet.id)
    foreign = path.format(check.token if "/a/" in path else sheet.token)
    absent = path.format("x" * len(check.token if "/a/" in path else sheet.token))
    pages = [await browser.get(foreign), await browser.get(absent)]
    assert [page.status_code for page in pages] == [404, 404]
    assert f'href="/en/sign-in?next={foreign}"' in pages[0].text
    assert pages[0].text.replace(foreign.removeprefix("/en"), "") == pages[1].text.replace(
        absent.removeprefix("/en"), ""
    )
    await signed_in(browser, await person("third@kahvila.fi"))
    assert "/sign-in" not in (await browser.get(foreign)).text


@pytest.mark.usefixtures("letters")
async def test_kept_sheet_says_nothing_of_a_link_that_opens_it(browser: httpx.AsyncClient) -> None:
    somebody, sheet = await person(ADDRESS), await sheet_with({})
    firm = await firm_of(somebody)
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == sheet.id)
    await signed_in(browser, somebody)
    for place in ("", "/plan", "/share"):
        said = text(await browser.get(f"/en/q/{sheet.token}{place}"))
        assert "Whoever has it" not in said
        assert "whomever you gave this address" not in said
    assert (await browser.get(f"/en/q/{sheet.token}/letter")).status_code == 404
