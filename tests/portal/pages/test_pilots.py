"""Awarded solutions and their pilots as firms, organisers and everybody meet them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from portal import clock
from portal.accounts import cities
from portal.accounts.tables import City, RoleKind
from portal.assessments.solutions.service import LASTS
from portal.assessments.tables import AnswerSheet
from portal.programme import pilots
from portal.programme.outcomes import outcome
from portal.programme.tables import Participation, Pilot
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.assessments.solutions.awarding import CONTENT, awarded
from tests.portal.events.happening import SLUG, published_call
from tests.portal.pages.answering import everything, sheet_with, text
from tests.portal.pages.asking import keep, send
from tests.portal.programme.test_outcomes import pair
from tests.portal.signing import city, firm_of, give_role, person, signed_in, startup_of

pytestmark = pytest.mark.usefixtures("portal")


async def solution() -> tuple[City, str]:
    """A city, and the id of what it awarded."""
    row = await city("helsinki")
    team = await startup_of(await person("lead@lukko.example"))
    return row, str(await awarded(team, await cities.by_slug("helsinki"), call=SLUG))


async def test_solution_stands_beside_the_fix_on_the_result_until_it_expires(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = await keep(NO_DMARC)
    assert "Lukko Backup" not in (await browser.get(f"/en/a/{check.token}")).text
    _, known = await solution()
    page = await browser.get(f"/en/a/{check.token}")
    assert f'href="/en/solution/{known}"' in page.text
    assert f"Awarded in Moonshot {datetime.now(UTC).year} by Helsinki" in text(page)
    assert "€240 a year for a firm of five, without VAT" in text(page)
    assert "Nobody pays to stand here" in text(page)
    gone = datetime.now(UTC) + LASTS
    monkeypatch.setattr(clock, "now", lambda: gone)
    assert "Lukko Backup" not in (await browser.get(f"/en/a/{check.token}")).text
    assert (await browser.get(f"/en/solution/{known}")).status_code == 404
    assert "There are none now." in (await browser.get("/en/solutions")).text


async def test_public_page_says_what_it_closes_and_links_only_to_the_web(browser: httpx.AsyncClient) -> None:
    _, known = await solution()
    page = await browser.get(f"/en/solution/{known}")
    assert '<code class="control">backup</code>' in page.text
    assert 'href="https://lukko.example/backup"' in page.text
    assert "Finland, Sweden" in text(page)
    team = await startup_of(await person("lead@hostile.example"))
    bad = type(CONTENT)(title="<b>x", website="javascript:alert(1)", closes=("backup",), speaks=("xx-bad",))
    other = await awarded(team, await cities.by_slug("helsinki"), bad)
    html = (await browser.get(f"/en/solution/{other}")).text
    assert "javascript:" not in html
    assert "&lt;b&gt;x" in html
    assert text(await browser.get("/en/solutions?fix=copy-by-itself")).count("Awarded in Moonshot") == 2
    assert (await browser.get("/en/solutions?fix=%3Cb%3E")).status_code == 200


async def test_firm_agrees_and_takes_it_back_by_forms(browser: httpx.AsyncClient) -> None:
    _, known = await solution()
    pilot = Pilot(solution=known, began_by="x")
    await pilot.save()
    sheet = await sheet_with({**everything(0), "wifi": "dont-know"})
    path = f"/en/q/{sheet.token}"
    page = await browser.get(f"{path}/pilot")
    assert "First keep your answers in an account" in page.text
    assert "/pilot" in (await browser.get(f"{path}/plan")).text
    owner = await person("owner@firm.example")
    await AnswerSheet.update({AnswerSheet.firm: (await firm_of(owner)).id}).where(AnswerSheet.id == sheet.id)
    assert (await browser.get(f"{path}/pilot")).status_code == 404
    await signed_in(browser, owner)
    refused = await send(browser, f"{path}/pilot", f"{path}/pilot", pilot=str(pilot.id), do="join")
    assert refused.status_code == 422
    assert "Tick that the firm agrees" in refused.text
    over = await send(browser, f"{path}/pilot", f"{path}/pilot", pilot=str(uuid4()), do="join", agree="yes")
    assert "That pilot is over." in over.text
    joined = await send(browser, f"{path}/pilot", f"{path}/pilot", pilot=str(pilot.id), do="join", agree="yes")
    assert "Your firm takes part." in text(await browser.get(joined.headers["location"]))
    assert await Participation.count() == 1
    left = await send(browser, f"{path}/pilot", f"{path}/pilot", pilot=str(pilot.id), do="leave")
    assert "takes part no more" in text(await browser.get(left.headers["location"]))
    assert not await Participation.exists()


async def test_organiser_begins_ends_and_takes_back(browser: httpx.AsyncClient) -> None:
    row, known = await solution()
    await published_call(row)
    somebody = await person("organiser@helsinki.example")
    await give_role(somebody, RoleKind.ORGANISER, row)
    await signed_in(browser, somebody, stepped_up=True)
    path = f"/en/city/helsinki/call/{SLUG}/pilots"
    assert "None yet" in (await browser.get(path)).text
    await send(browser, path, path, do="begin", of=known)
    page = await browser.get(path)
    assert "Fewer than ten firms could be counted now." in page.text
    [pilot] = await Pilot.objects()
    ended = await send(browser, path, path, do="end", of=str(pilot.id))
    assert "is published" in text(await browser.get(ended.headers["location"]))
    assert "A pilot took place." in (await browser.get(f"/fi/solution/{known}".replace("/fi/", "/en/"))).text
    again = await send(browser, path, path, do="end", of=str(pilot.id))
    assert again.headers["location"].endswith("told=gone")
    await send(browser, path, path, do="withdraw", of=known)
    assert "Taken back" in (await browser.get(path)).text
    assert (await browser.get(f"/en/solution/{known}")).status_code == 404


async def test_outcome_stands_on_the_public_page(browser: httpx.AsyncClient) -> None:
    _, known = await solution()
    pairs = [*[pair(-3)] * 10, *[pair(4)] * 10, *[pair(15, "backup")] * 10, *[pair(30, "backup")] * 11]
    came = outcome(pairs, ("backup", "updates"))
    now = datetime.now(UTC)
    await Pilot(
        solution=known, began_by="x", ended_at=now, began_at=now - timedelta(days=60), outcome=pilots.kept(came)
    ).save()
    said = text(await browser.get(f"/en/solution/{known}"))
    assert "41 firms took part" in said
    assert "21 of 41 firms" in said
    for band in ("not higher", "more than 0 and at most 10 higher", "more than 20 higher"):
        assert band in said
