"""A fix that was ticked done, and what later checks of the firm's domains say of it: plan, report and exports."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from portal.accounts.viewer import VISITOR
from portal.assessments.sheets.storage import by_token
from portal.assessments.tables import AnswerSheet, Assessment, DoneFix
from tests.portal.assessments.findings import NO_DMARC, made
from tests.portal.pages.answering import everything, sheet_with, text
from tests.portal.pages.asking import DOMAIN, finish, keep, send

pytestmark = pytest.mark.usefixtures("portal")

THERE = made("mail.dmarc", "present", record="v=DMARC1; p=reject", policy="reject", found_at=DOMAIN)
FIX = "find-out-who-sends"


async def ticked(browser: httpx.AsyncClient, *more: str) -> tuple[AnswerSheet, str]:
    """A sheet whose DMARC fix is ticked done, of a domain without it and perhaps more of them; and its plan's path."""
    row = await sheet_with(everything(-1), await keep(NO_DMARC))
    path = f"/en/q/{row.token}"
    for domain in more:
        await send(browser, f"{path}/domain", f"{path}/domain", domain=domain)
        await finish((await by_token(row.token, VISITOR)).domains[-1].newest, NO_DMARC)
    await send(browser, f"{path}/plan", f"{path}/plan/done", fix=FIX, done="yes")
    return row, f"{path}/plan"


async def looked_again(row: AnswerSheet, place: int, *findings: object) -> None:
    [check] = [
        each.newest for number, each in enumerate((await by_token(row.token, VISITOR)).domains) if number == place
    ]
    await finish(check, *findings)  # type: ignore[arg-type] - findings


async def test_tick_offers_to_look_and_shows_the_proof_everywhere(browser: httpx.AsyncClient) -> None:
    row, plan = await ticked(browser)
    page = await browser.get(plan)
    assert f"See whether it worked: check {DOMAIN} again" in text(page)
    answer = await send(browser, plan, plan.replace("/plan", "/domain/again"), domain=DOMAIN, back="plan")
    assert answer.headers["location"] == f"{plan}#done"
    assert "We are looking right now." in text(await browser.get(plan))
    asked = await browser.get(f"{plan}/looked", headers={"hx-request": "true"})
    assert asked.status_code == 204
    await looked_again(row, 0, THERE)
    asked = await browser.get(f"{plan}/looked", headers={"hx-request": "true"})
    assert asked.headers["hx-refresh"] == "true"
    assert (await browser.get(f"{plan}/looked")).headers["location"] == f"{plan}#done"
    for shown in (plan, plan.replace("/plan", "/report")):
        said = text(await browser.get(shown))
        assert "Seen by our check on " in said
        assert "See whether it worked" not in said
    told = (await browser.get(plan.replace("/plan", "/take/data.json"))).json()["done"]
    assert [(each["fix"], each["sight"]) for each in told] == [(FIX, "proven")]
    assert "Seen by our check on " in (await browser.get(plan.replace("/plan", "/take/plan.csv"))).text


async def test_fix_that_a_check_still_finds_is_back_in_the_plan(browser: httpx.AsyncClient) -> None:
    row, plan = await ticked(browser)
    await send(browser, plan, plan.replace("/plan", "/domain/again"), domain=DOMAIN, back="plan")
    await looked_again(row, 0, NO_DMARC)
    page = await browser.get(plan)
    assert f'id="fix-{FIX}"' in page.text
    assert text(page).count("still found: ") == 2  # with the fix, and among what was ticked
    assert (await by_token(row.token, VISITOR)).done == {}
    await send(browser, plan, f"{plan}/done", fix=FIX, done="yes")
    assert [*(await by_token(row.token, VISITOR)).done] == [FIX]
    assert "still found: " not in text(await browser.get(plan))


async def test_card_s_own_fix_keeps_its_name_once_nothing_calls_for_it(browser: httpx.AsyncClient) -> None:
    absent = made("web.hsts", "absent", header="–")
    row = await sheet_with(everything(-1), await keep(absent))
    assert absent.fix is not None
    plan = f"/en/q/{row.token}/plan"
    await send(browser, plan, f"{plan}/done", fix=absent.fix.id, done="yes")
    await send(browser, plan, plan.replace("/plan", "/domain/again"), domain=DOMAIN, back="plan")
    await looked_again(row, 0, made("web.hsts", "on", value="max-age=31536000", max_age=31536000, days=365))
    said = text(await browser.get(plan))
    assert "Tell browsers to use only the encrypted connection" in said
    assert "Seen by our check on " in said
    await send(browser, plan, f"{plan}/done", fix=absent.fix.id, done="no")
    assert not await DoneFix.count()


async def test_proof_of_several_domains_names_each(browser: httpx.AsyncClient) -> None:
    row, plan = await ticked(browser, "toinen.test")
    assert f"check {DOMAIN}, toinen.test again" in text(await browser.get(plan))
    await send(browser, plan, plan.replace("/plan", "/domain/again"), domain=DOMAIN, back="plan")
    await looked_again(row, 0, THERE)
    said = text(await browser.get(plan))
    assert f"{DOMAIN}: Seen by our check on " in said
    assert "toinen.test: Our check has not looked at it since." in said
    assert "See whether it worked: check toinen.test again" in said


async def test_plan_names_the_domains_that_a_fix_is_about(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(-1), await keep(NO_DMARC))
    path = f"/en/q/{row.token}"
    await send(browser, f"{path}/domain", f"{path}/domain", domain="toinen.test")
    other = made("mail.dmarc", "absent", "toinen.test")
    await finish((await by_token(row.token, VISITOR)).domains[1].newest, other)
    page = await browser.get(f"{path}/plan")
    assert page.text.count(f'id="fix-{FIX}"') == 1
    assert f"For {DOMAIN}, toinen.test" in text(page)
    assert "Your domains share the other 20 equally." in text(page)
    for shown in ("/report", "/answers", "/domain", "", "/mail-sender"):
        assert "toinen.test" in text(await browser.get(f"{path}{shown}")) or shown in {"/answers", "/mail-sender"}
    data = (await browser.get(f"{path}/take/data.json")).json()
    assert [each["domain"] for each in data["domains"]] == [DOMAIN, "toinen.test"]
    rows = (await browser.get(f"{path}/take/plan.csv")).text
    assert f"{DOMAIN}, toinen.test" in rows


async def test_check_that_began_before_the_tick_proves_nothing(browser: httpx.AsyncClient) -> None:
    row, plan = await ticked(browser)
    await send(browser, plan, plan.replace("/plan", "/domain/again"), domain=DOMAIN, back="plan")
    await looked_again(row, 0, THERE)
    earlier = datetime.now(UTC) - timedelta(days=1)
    newest = (await by_token(row.token, VISITOR)).domains[0].newest
    await Assessment.update({Assessment.started_at: earlier}).where(Assessment.id == newest.id)
    assert "Our check has not looked at it since." in text(await browser.get(plan))
