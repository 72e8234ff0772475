"""What the answers come to: the verdict, the plan within a budget, what is done, what to find out."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from checks.contract import DNS_TIMEOUT, Finding, Severity, Status, Verdict
from checks.inspection import to_finding
from portal.accounts.viewer import VISITOR
from portal.assessments.catalogue import current
from portal.assessments.sheets.domains import keep_domain
from portal.assessments.sheets.storage import Source, by_token
from portal.assessments.tables import AnswerSheet, DoneFix
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, made
from tests.portal.pages.answering import PROFILE, choose, chosen, everything, sheet_with, text
from tests.portal.pages.asking import keep, send

pytestmark = pytest.mark.usefixtures("portal")

OPEN = made("ports.remote_desktop", "open", address="198.18.0.9", services="3389")


async def plan_of(browser: httpx.AsyncClient, answers: dict[str, str], language: str = "en") -> httpx.Response:
    row = await sheet_with(answers)
    return await browser.get(f"/{language}/q/{row.token}/plan")


def score_now(page: httpx.Response) -> str:
    found = re.search(r"<figcaption>Score (.*?)\.\n", page.text)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_open_critical_gaps_are_said_first(browser: httpx.AsyncClient, language: str) -> None:
    page = await plan_of(browser, everything(0), language)
    gaps = [each for each in current().questions if each.critical]
    assert page.text.count('class="gap"') == len(gaps)
    assert page.text.index('class="gaps"') < page.text.index('class="interval"')
    assert gaps[0].text[language] in page.text


async def test_best_answers_leave_nothing_to_do(browser: httpx.AsyncClient) -> None:
    page = await plan_of(browser, everything(-1))
    assert score_now(page) == "100 out of 100"
    assert "There is nothing left to do." in text(page)
    assert "well protected" in text(page)


async def test_nobody_who_does_not_know_is_scolded(browser: httpx.AsyncClient) -> None:
    unknown = {each.id: "dont-know" for each in current().questions}
    page = await plan_of(browser, {**PROFILE, **unknown})
    assert score_now(page) == "between 0 and 100 out of 100"
    assert "We know of no critical gap, but" in text(page)
    assert "First find out what nobody could tell yet" in text(page)
    question = current().question("backup")
    assert question is not None
    assert text(page).count(question.ask["en"]) == 2  # by itself, and in the letter
    assert 'class="gap"' not in page.text


async def test_a_short_letter_can_be_mailed_with_the_link_to_answer(browser: httpx.AsyncClient) -> None:
    page = await plan_of(browser, {**everything(-1), "backup": "dont-know"})
    assert 'href="mailto:?subject=Questions%20about%20our%20IT&amp;body=' in page.text
    assert re.search(r"yourself here:\s+http://127\.0\.0\.1:8000/en/q/\S+", page.text)


async def test_the_plan_begins_free_and_with_a_day_of_work(browser: httpx.AsyncClient) -> None:
    page = await plan_of(browser, everything(0))
    assert 'name="euro" value="0"' in page.text
    assert 'name="hours" value="8"' in page.text
    assert "about 8 hours in all, free." in text(page)


@pytest.mark.parametrize(("typed", "minutes"), [("2", 120), ("1,5", 90), ("1.5", 90), ("0", 0), ("0.25", 15)])
async def test_a_budget_is_kept_and_the_plan_fits_it(browser: httpx.AsyncClient, typed: str, minutes: int) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/plan"
    answer = await send(browser, path, path, euro="250", hours=typed)
    assert answer.headers["location"] == f"{path}#plan"
    kept = (await by_token(row.token, VISITOR)).row
    assert (kept.budget_eur, kept.minutes) == (250, minutes)
    page = await browser.get(path)
    assert 'name="euro" value="250"' in page.text
    if not minutes:
        assert "Nothing fits into this budget." in text(page)


@pytest.mark.parametrize(
    ("euro", "hours", "wrong"),
    [("much", "8", ["euro"]), ("-1", "8", ["euro"]), ("0", "", ["hours"]), ("1e9", "99999", ["euro", "hours"])],
)
async def test_what_is_no_budget_comes_back_to_its_field(
    browser: httpx.AsyncClient, euro: str, hours: str, wrong: list[str]
) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/plan"
    page = await send(browser, path, path, euro=euro, hours=hours)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert re.findall(r'<li><a href="#(\w+)">', page.text) == wrong
    assert f'name="euro" value="{euro}"' in page.text
    assert await AnswerSheet.exists().where(AnswerSheet.budget_eur == 0, AnswerSheet.minutes == 480)


async def test_a_fix_that_is_ticked_done_counts_and_can_be_taken_back(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/plan"
    before = await browser.get(path)
    first = re.findall(r'name="fix" value="([^"]+)"', before.text)[0]
    for _ in range(2):
        answer = await send(browser, path, f"{path}/done", fix=first, done="yes")
        assert answer.headers["location"] == f"{path}#done"
    assert await DoneFix.count() == 1
    after = await browser.get(path)
    assert f'id="fix-{first}"' not in after.text
    assert "These count in your score already." in text(after)
    assert score_now(after) != score_now(before)
    await send(browser, path, f"{path}/done", fix=first, done="no")
    assert await DoneFix.count() == 0
    assert score_now(await browser.get(path)) == score_now(before)


async def test_a_tick_counts_until_a_later_check_still_finds_the_fault(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(-1), await keep(NO_DMARC))
    path = f"/en/q/{row.token}/plan"
    await send(browser, path, f"{path}/done", fix="find-out-who-sends", done="yes")
    earlier = datetime(2026, 11, 1, tzinfo=UTC)
    assert "These count in your score already." in text(await browser.get(path))
    await DoneFix.update({DoneFix.done_at: earlier}, force=True)
    page = await browser.get(path)
    assert "These count in your score already." not in text(page)
    assert 'id="fix-find-out-who-sends"' in page.text
    await send(browser, path, f"{path}/done", fix="find-out-who-sends", done="yes")
    assert "These count in your score already." in text(await browser.get(path))


async def test_hours_come_back_as_they_can_be_typed_again(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    path = f"/fi/q/{row.token}/plan"
    await send(browser, path, path, euro="0", hours="1,67")
    shown = re.search(r'name="hours" value="([^"]+)"', (await browser.get(path)).text)
    assert shown is not None
    assert (await send(browser, path, path, euro="20", hours=shown.group(1))).status_code == 303
    assert await AnswerSheet.exists().where(AnswerSheet.budget_eur == 20, AnswerSheet.minutes == 100)


async def test_no_budget_is_asked_for_where_only_the_check_could_not_tell(browser: httpx.AsyncClient) -> None:
    unclear = Finding("ports.remote_desktop", Status.UNKNOWN, Severity.INFO, DOMAIN, "scan-failed", {})
    row = await sheet_with(everything(-1), await keep(unclear))
    said = text(await browser.get(f"/en/q/{row.token}/plan"))
    assert "Nothing fits into this budget." not in said
    assert "There is nothing to plan." in said


@pytest.mark.parametrize("given", [{"remote-access": "dont-know"}, {}])
async def test_a_gap_that_the_check_saw_is_not_told_as_an_answer_of_not_knowing(
    browser: httpx.AsyncClient, given: dict[str, str]
) -> None:
    answers = {name: answer for name, answer in everything(-1).items() if name != "remote-access"}
    row = await sheet_with({**answers, **given}, await keep(OPEN))
    said = text(await browser.get(f"/en/q/{row.token}/plan"))
    assert "You answered: “I don't know”" not in said
    assert "We saw: The door of a remote desktop, port 3389 at kahvila.test" in said


async def test_a_fix_that_there_is_not_cannot_be_ticked(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/plan"
    assert (await send(browser, path, f"{path}/done", fix="no-such-fix", done="yes")).status_code == 404
    assert await DoneFix.count() == 0


@pytest.mark.parametrize(("country", "there"), [("fi", True), ("other", False)])
async def test_local_help_is_the_firm_s_country_s_with_source_and_date(
    browser: httpx.AsyncClient, country: str, *, there: bool
) -> None:
    fix = next(fix for fix in current().fixes.values() if any(local.country == "fi" for local in fix.local))
    row = await sheet_with({**everything(0), "country": country})
    await AnswerSheet.update({AnswerSheet.budget_eur: 100_000, AnswerSheet.minutes: 60_000}).where(
        AnswerSheet.id == row.id
    )
    page = await browser.get(f"/fi/q/{row.token}/plan")
    assert f'id="fix-{fix.id}"' in page.text
    local = next(local for local in fix.local if local.country == "fi")
    assert (local.source in page.text) is there


async def test_what_the_check_saw_is_chosen_and_marked_until_the_owner_says_otherwise(
    browser: httpx.AsyncClient,
) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    path = f"/en/q/{row.token}"
    page = await browser.get(f"{path}/mail-sender")
    assert chosen(page) == "nothing"
    assert "We saw this On 23 November 2026 kahvila.test had no working rule" in text(page)
    assert "We saw this" in text(await browser.get(f"{path}/answers"))
    await choose(browser, f"{path}/mail-sender", "dont-know")
    page = await browser.get(f"{path}/mail-sender")
    assert chosen(page) == "dont-know"
    assert "We saw this" in text(page)


WATCHED = made("mail.dmarc_policy", "none", policy="none", found_at=DOMAIN)
UNCLEAR = to_finding("mail.dmarc", Verdict(DNS_TIMEOUT, DOMAIN, {}))


async def test_an_answer_that_rests_on_the_check_follows_the_next_one(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(NO_DMARC))
    path = f"/en/q/{row.token}/mail-sender"
    await choose(browser, path, "nothing")
    kept = (await by_token(row.token, VISITOR)).given["mail-sender"]
    assert (kept.answer, kept.source) == ("nothing", Source.CHECK)
    await check_again(row, WATCHED)
    assert chosen(await browser.get(path)) == "watched"
    assert "do not fit together" not in text(await browser.get(path))
    await check_again(row, UNCLEAR)
    assert (await by_token(row.token, VISITOR)).given["mail-sender"].answer == "nothing"  # nobody could tell: as it was


async def test_an_answer_that_the_next_check_no_longer_sees_is_open_again(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE, await keep(OPEN))
    await choose(browser, f"/en/q/{row.token}/remote-access", "open")
    await check_again(row, made("ports.remote_desktop", "closed"))
    assert "remote-access" not in (await by_token(row.token, VISITOR)).given
    await choose(browser, f"/en/q/{row.token}/remote-access", "closed")
    await check_again(row, OPEN)
    assert (await by_token(row.token, VISITOR)).given["remote-access"].answer == "closed"


async def check_again(row: AnswerSheet, *findings: Finding) -> None:
    """A later check of the sheet's domain found this."""
    newer = await keep(*findings)
    await keep_domain(row, newer)


@pytest.mark.parametrize("rest", ["remote-access", "answers", "plan"])
async def test_a_contradiction_shows_both_and_keeps_the_owner_s_answer(browser: httpx.AsyncClient, rest: str) -> None:
    row = await sheet_with({**everything(-1), "remote-access": "closed"}, await keep(OPEN))
    page = await browser.get(f"/en/q/{row.token}/{rest}")
    said = text(page)
    assert "Your answer and what we saw do not fit together" in said
    assert "you answered: “" in said
    assert "port 3389 at kahvila.test, answered from the internet on 23 November 2026" in said
    assert (await by_token(row.token, VISITOR)).given["remote-access"].answer == "closed"


async def test_a_fix_of_the_domain_brings_its_record_to_copy(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(-1), await keep(NO_DMARC))
    page = await browser.get(f"/en/q/{row.token}/plan")
    assert f"<code>_dmarc.{DOMAIN}</code>" in page.text
    assert "Your domain" in text(page)
    assert "The questions count for 80 per cent" in text(page)


async def test_without_a_check_the_domain_is_no_topic(browser: httpx.AsyncClient) -> None:
    page = await plan_of(browser, everything(0))
    assert "The questions count for 80 per cent" not in text(page)


async def test_every_weight_that_was_counted_stands_on_the_page(browser: httpx.AsyncClient) -> None:
    page = await plan_of(browser, everything(0))
    for question in current().questions:
        if not question.shown_if:
            assert f"{question.text['en']} {question.weight} 0 " in text(page)
