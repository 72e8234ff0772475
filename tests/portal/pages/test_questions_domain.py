"""The domain that belongs to a sheet, and the way from a domain's result to the questions."""

import httpx
import pytest

from checks.contract import Finding
from portal.accounts.viewer import VISITOR
from portal.assessments import service
from portal.assessments.sheets.service import MOST_DOMAINS
from portal.assessments.sheets.storage import by_token
from portal.assessments.tables import AnswerSheet, Assessment, Stage
from tests.portal.assessments.findings import CLOSED, NO_DMARC, OF_ANOTHER_TIME
from tests.portal.pages.answering import PROFILE, begun, everything, sheet_with, text
from tests.portal.pages.asking import DOMAIN, finish, form_token, heading, keep, send

pytestmark = pytest.mark.usefixtures("portal")


async def test_a_check_of_the_domain_belongs_to_the_sheet_while_it_runs(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    answer = await send(browser, f"{path}/domain", f"{path}/domain", domain="https://www.kahvila.test/", mine="yes")
    assert answer.headers["location"] == f"{path}?told=domain"
    [check] = await Assessment.objects()
    assert (check.domain, check.stated) == ("kahvila.test", True)
    [own] = (await by_token(path.rpartition("/")[2], VISITOR)).domains
    assert (own.domain, own.newest.id, own.ended, own.findings) == ("kahvila.test", check.id, None, ())
    assert "We are looking at kahvila.test right now." in text(await browser.get(path))


async def test_another_domain_stands_beside_the_first(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    path = f"/en/q/{row.token}"
    await send(browser, f"{path}/domain", f"{path}/domain", domain="toinen.test")
    kept = await by_token(row.token, VISITOR)
    assert [(each.domain, each.under_way) for each in kept.domains] == [(DOMAIN, False), ("toinen.test", True)]
    assert kept.findings == (NO_DMARC,)
    await finish(kept.domains[1].newest, CLOSED)
    kept = await by_token(row.token, VISITOR)
    assert (kept.findings, [each.domain for each in kept.inspected]) == ((NO_DMARC, CLOSED), [DOMAIN, "toinen.test"])


@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.RUNNING, Stage.FAILED])
async def test_what_was_found_stays_until_a_later_check_has_ended_well(
    browser: httpx.AsyncClient, stage: Stage
) -> None:
    first = await keep(NO_DMARC)
    row = await sheet_with(PROFILE, first)
    path = f"/en/q/{row.token}"
    for _ in range(2):
        await send(browser, f"{path}/domain", f"{path}/domain", domain=DOMAIN)
        kept = await by_token(row.token, VISITOR)
        await Assessment.update({Assessment.status: stage.value}).where(Assessment.id == kept.domains[0].newest.id)
    [own] = (await by_token(row.token, VISITOR)).domains
    assert own.ended is not None
    assert (own.ended.id, own.findings, await Assessment.count()) == (first.id, (NO_DMARC,), 3)


async def test_check_that_is_asked_for_on_the_result_s_own_page_counts_too() -> None:
    first = await keep(NO_DMARC)
    row = await sheet_with(PROFILE, first)
    newer = await service.start(DOMAIN, "en", "somebody", previous=first)
    [own] = (await by_token(row.token, VISITOR)).domains
    assert (own.newest.id, own.findings) == (newer.id, (NO_DMARC,))
    await finish(newer, CLOSED)
    assert (await by_token(row.token, VISITOR)).findings == (CLOSED,)


async def test_firm_with_one_domain_sees_no_list(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    said = text(await browser.get(f"/en/q/{row.token}/domain"))
    assert "Your domains" not in said
    assert "Check all again" not in said
    assert f"For {DOMAIN}" not in text(await browser.get(f"/en/q/{row.token}/plan"))


async def test_one_click_checks_one_domain_or_all_again_as_before(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    page = f"/en/q/{row.token}/domain"
    await send(browser, page, page, domain="toinen.test", mine="yes")
    await finish((await by_token(row.token, VISITOR)).domains[1].newest, NO_DMARC)
    assert "Check all again" in text(await browser.get(page))
    answer = await send(browser, page, f"{page}/again", domain="toinen.test")
    assert answer.headers["location"] == f"{page}?told=again"
    first, second = (await by_token(row.token, VISITOR)).domains
    assert (first.under_way, second.under_way, second.newest.stated) == (False, True, True)
    token = form_token(await browser.get(page))
    await browser.post(f"{page}/again", data={"_csrf": token, "domain": [DOMAIN, "toinen.test"]})
    assert [each.under_way for each in (await by_token(row.token, VISITOR)).domains] == [True, True]
    assert await Assessment.count() == 4  # the one under way was not begun twice
    assert (await send(browser, page, f"{page}/again", domain="strange.test")).status_code == 404


async def test_domain_is_removed_once_the_owner_says_so(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    page = f"/en/q/{row.token}/domain"
    asked = await browser.get(f"{page}/remove?domain={DOMAIN}")
    assert heading(asked) == f"Remove {DOMAIN}?"
    assert (await by_token(row.token, VISITOR)).findings == (NO_DMARC,)
    answer = await send(browser, f"{page}/remove?domain={DOMAIN}", f"{page}/remove", domain=DOMAIN)
    assert answer.headers["location"] == f"{page}?told=removed"
    kept = await by_token(row.token, VISITOR)
    assert (kept.domains, kept.findings, await Assessment.count()) == ((), (), 1)
    assert (await browser.get(f"{page}/remove?domain={DOMAIN}")).status_code == 404


async def test_there_are_at_most_ten_domains(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    page = f"/en/q/{row.token}/domain"
    token = form_token(await browser.get(page))
    for place in range(1, MOST_DOMAINS):
        answer = await browser.post(page, data={"_csrf": token, "domain": f"d{place}.test"})
        assert answer.status_code == 303
    refused = await browser.post(page, data={"_csrf": token, "domain": "one-more.test"})
    assert (refused.status_code, len((await by_token(row.token, VISITOR)).domains)) == (422, MOST_DOMAINS)
    assert "There can be at most 10 domains. Remove one first." in text(refused)
    assert 'name="domain" value=""' not in (await browser.get(page)).text
    assert (await browser.post(page, data={"_csrf": token, "domain": "d3.test"})).status_code == 303


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "This does not look like a domain."),
        ("localhost", "The ending is missing."),
        ("me@gmail.com", "Many companies share this domain"),
    ],
)
async def test_what_is_no_domain_comes_back_with_a_reason(browser: httpx.AsyncClient, typed: str, reason: str) -> None:
    path = await begun(browser)
    page = await send(browser, f"{path}/domain", f"{path}/domain", domain=typed)
    assert page.status_code == 422
    assert page.text.count(reason) == 2
    assert f'value="{typed}"' in page.text
    assert "<title>Error: " in page.text
    assert await Assessment.count() == 0


async def test_a_domain_s_result_leads_to_questions_that_know_it(browser: httpx.AsyncClient) -> None:
    check = await keep(NO_DMARC)
    answer = await send(browser, f"/fi/a/{check.token}", "/fi/questions", check=check.token)
    [row] = await AnswerSheet.objects()
    assert answer.headers["location"] == f"/fi/q/{row.token}"
    assert (await by_token(row.token, VISITOR)).findings == (NO_DMARC,)


async def test_a_check_that_there_is_not_begins_nothing(browser: httpx.AsyncClient) -> None:
    answer = await send(browser, "/en/questions", "/en/questions", check="guessed")
    assert answer.status_code == 404
    assert await AnswerSheet.count() == 0


@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.RUNNING, Stage.FAILED])
async def test_a_check_that_has_not_ended_well_counts_for_nothing(browser: httpx.AsyncClient, stage: Stage) -> None:
    row = await sheet_with(everything(0), await keep(NO_DMARC, stage=stage))
    assert (await by_token(row.token, VISITOR)).findings == ()
    for rest in ("", "/plan", "/domain", "/answers"):
        assert (await browser.get(f"/en/q/{row.token}{rest}")).status_code == 200


@pytest.mark.parametrize("finding", OF_ANOTHER_TIME)
async def test_findings_of_earlier_checks_break_no_page(browser: httpx.AsyncClient, finding: Finding) -> None:
    row = await sheet_with(everything(0), await keep(finding, NO_DMARC))
    for rest in ("", "/plan", "/answers", "/mail-sender", "/remote-access"):
        assert (await browser.get(f"/en/q/{row.token}{rest}")).status_code == 200, rest


async def test_every_page_offers_the_questions(browser: httpx.AsyncClient) -> None:
    for path in ("/en/", "/en/now", "/en/own-name", "/en/nothing"):
        assert 'href="/en/questions"' in (await browser.get(path)).text
