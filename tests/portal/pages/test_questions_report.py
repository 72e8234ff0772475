"""The report of a sheet: the page, and the PDF that is made again once the sheet has changed."""

import httpx
import pytest

from portal.accounts.viewer import VISITOR
from portal.assessments import running
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets.storage import by_token
from portal.assessments.tables import SheetReport, Stage
from portal.errors import ReportError
from tests.portal.pages.answering import PROFILE, choose, everything, sheet_with, text
from tests.portal.pages.asking import send

pytestmark = pytest.mark.usefixtures("portal")


def printed(report: ReportInput) -> bytes:
    return b"%PDF-" + str(len(report.firm.sheet.answers) if report.firm else 0).encode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_page_holds_the_whole_report(browser: httpx.AsyncClient, language: str) -> None:
    row = await sheet_with(everything(0))
    page = await browser.get(f"/{language}/q/{row.token}/report")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.text
    for part in ('class="letter"', 'class="steps"', 'class="dates"', 'class="annex"', 'class="requirements"'):
        assert part in page.text


async def test_the_pdf_is_made_once_and_again_when_an_answer_changes(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/report"
    assert (await browser.get(f"{path}.pdf")).status_code == 404
    for _ in range(2):
        assert (await send(browser, f"/en/q/{row.token}/plan", path)).headers["location"] == path
    (asked,) = await SheetReport.objects()
    assert asked.status == Stage.QUEUED
    assert "is being made" in text(await browser.get(path))
    await running.run_sheet_report(asked.id, printed)
    answer = await browser.get(f"{path}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == b"%PDF-" + str(len((await by_token(row.token, VISITOR)).given) - len(PROFILE)).encode()
    await choose(browser, f"/en/q/{row.token}/backup", everything(-1)["backup"])
    assert (await browser.get(f"{path}.pdf")).status_code == 404
    await send(browser, path, path)
    (anew,) = await SheetReport.objects()
    assert anew.id != asked.id


async def test_a_failed_report_can_be_asked_for_again(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/report"
    await send(browser, path, path)
    (first,) = await SheetReport.objects()
    await running.abandon_sheet_report(first.id)
    assert "The fault is ours" in text(await browser.get(path))
    await send(browser, path, path)
    assert (await SheetReport.objects())[0].status == Stage.QUEUED


async def test_a_report_that_cannot_be_printed_is_told_as_our_fault_and_not_tried_again_by_itself(
    browser: httpx.AsyncClient,
) -> None:
    def endless(_report: ReportInput) -> bytes:
        raise ReportError("too-long", "more of the processor than it may")

    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}/report"
    await send(browser, path, path)
    (asked,) = await SheetReport.objects()
    await running.run_sheet_report(asked.id, endless)
    assert (await SheetReport.objects())[0].status == Stage.FAILED
    assert "The report could not be made. The fault is ours. Try again." in text(await browser.get(path))


async def test_there_is_no_report_of_a_sheet_that_is_not_there(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/en/q/nothing/report")).status_code == 404
    assert (await browser.get("/en/q/nothing/report.pdf")).status_code == 404
