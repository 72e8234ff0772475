"""The whole report as others are given it: on paper without an address of the owner's, and in words for its reader."""

import httpx
import pytest

from portal.assessments import running
from portal.assessments.report.input import ReportInput
from portal.assessments.report.printing import render_html
from portal.assessments.tables import Report, SheetReport
from tests.portal.pages.answering import everything, sheet_with, text
from tests.portal.pages.asking import form_token, send
from tests.portal.pages.test_sharing import own_check, own_sheet, shared

pytestmark = pytest.mark.usefixtures("portal")


def calendar(_language: str, _id: object) -> str:
    return "webcal://kyberkunto.test/en/calendar/secret.ics"


def printed(report: ReportInput) -> bytes:
    return b"%PDF-" + render_html(report).encode()


async def test_a_sheet_s_shared_report_is_printed_without_an_address_of_the_owner(browser: httpx.AsyncClient) -> None:
    sheet = await own_sheet()
    link = await shared(browser, f"/en/q/{sheet.token}", "report")
    place = f"/en/s/{link.token}"
    assert (await browser.get(f"{place}/report.pdf")).status_code == 404
    for _ in range(2):
        assert (await send(browser, "/en", f"{place}/report")).headers["location"] == place
    await send(browser, f"/en/q/{sheet.token}/report", f"/en/q/{sheet.token}/report")
    assert "is being made" in text(await browser.get(place))
    asked = {row.for_others: row.id for row in await SheetReport.objects()}
    assert set(asked) == {True, False}
    for row in asked.values():
        await running.run_sheet_report(row, printed, calendar)
    given = (await browser.get(f"{place}/report.pdf")).text
    own = (await browser.get(f"/en/q/{sheet.token}/report.pdf")).text
    assert "webcal:" in own
    assert "webcal:" not in given
    assert sheet.token not in given
    assert "Where it says “you”, it means the firm." in given
    assert "The cyber fitness of your firm" not in given
    assert f'href="{place}/report.pdf"' in (await browser.get(place)).text


async def test_a_check_s_shared_report_is_printed_too_and_ends_with_its_link(browser: httpx.AsyncClient) -> None:
    own = await own_check()
    home = f"/en/a/{own.token}"
    link = await shared(browser, home, "report")
    place = f"/fi/s/{link.token}"
    token = form_token(await browser.get(place))
    page = await browser.post(f"{place}/report", data={"_csrf": token}, headers={"hx-request": "true"})
    assert f'hx-get="{place}/report"' in page.text
    [asked] = await Report.objects()
    await running.run_report(asked.id, printed, calendar)
    pdf = await browser.get(f"{place}/report.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert own.token not in pdf.text
    assert "webcal:" not in pdf.text
    await send(browser, f"{home}/share", f"{home}/share/end", link=link.token)
    assert (await browser.get(f"{place}/report.pdf")).status_code == 404


@pytest.mark.parametrize("audience", ["letter", "summary"])
async def test_only_a_link_to_the_whole_report_has_a_pdf(browser: httpx.AsyncClient, audience: str) -> None:
    link = await shared(browser, f"/en/a/{(await own_check()).token}", audience)
    assert (await send(browser, "/en", f"/en/s/{link.token}/report")).status_code == 404
    assert (await browser.get(f"/en/s/{link.token}/report.pdf")).status_code == 404
    assert await Report.count() == 0


async def test_the_reader_of_a_shared_report_is_not_taken_for_its_owner(browser: httpx.AsyncClient) -> None:
    sheet = await sheet_with(everything(0), await own_check())
    link = await shared(browser, f"/en/q/{sheet.token}", "report")
    said = text(await browser.get(f"/en/s/{link.token}"))
    own = text(await browser.get(f"/en/q/{sheet.token}/report"))
    for owners in ("You yourself", "The cyber fitness of your firm"):
        assert owners not in said
    assert "You yourself" in own
    assert "The firm itself" in said
    assert "The cyber fitness of the firm" in said
    assert "The firm, " in said
