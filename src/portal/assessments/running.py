"""What the worker does for one row: run its check, or print its report. Both may be begun again at any point."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import UUID

from checks.contract import Consent, Finding
from checks.errors import UnusableDomainError
from checks.gather.network import Network
from checks.inspection import Request, inspect, look_around
from checks.limits import limits_of
from portal import settings
from portal.accounts import proofs
from portal.assessments import queries, recording
from portal.assessments.report import gathering
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets import storage
from portal.assessments.tables import Assessment, Report, SheetReport, Stage
from portal.errors import ReportError, SupersededError
from portal.network import network

OTHERS_RESULT_S = 120
LOOK_EVERY_S = 1.0

Render = Callable[[ReportInput], bytes]
Calendar = Callable[[str, UUID], str]
"""The address of the dates of a check or a sheet, by language and id; empty where there is none."""

log = logging.getLogger(__name__)


async def run_check(assessment_id: UUID) -> None:
    """Runs the check of that assessment and keeps its findings as they come. A check that has ended stays ended."""
    assessment = await recording.begin(assessment_id)
    if assessment is None:
        return
    try:
        await _inspect(assessment, network())
    except UnusableDomainError as error:
        await recording.fail(assessment, error.code)
    except SupersededError:
        await _wait_for_the_other(assessment_id)


async def run_report(report_id: UUID, render: Render, calendar: Calendar = lambda _language, _id: "") -> None:
    """Prints the report with `render`, outside the event loop. One that is there already stays as it is."""
    report = await Report.objects().where(Report.id == report_id).first()
    if report is None or report.status == Stage.DONE:
        return
    dates = "" if report.for_others else calendar(report.language, report.assessment)
    own = await queries.by_id(report.assessment)
    content = await gathering.of_check(own, report.language, dates, for_others=report.for_others)
    try:
        report.pdf = await asyncio.to_thread(render, content)
    except ReportError as error:
        await _give_up(abandon_report, report_id, error)
        return
    report.status, report.finished_at = Stage.DONE.value, datetime.now(UTC)
    await report.save(columns=[Report.pdf, Report.status, Report.finished_at])


async def run_sheet_report(report_id: UUID, render: Render, calendar: Calendar = lambda _language, _id: "") -> None:
    """The same for the report of a sheet, as the sheet stands now."""
    report = await SheetReport.objects().where(SheetReport.id == report_id).first()
    if report is None or report.status == Stage.DONE:
        return
    kept = await storage.by_id(report.sheet)
    dates = "" if report.for_others else calendar(report.language, kept.row.id)
    content = await gathering.of_sheet(kept, report.language, dates, for_others=report.for_others)
    try:
        report.pdf = await asyncio.to_thread(render, content)
    except ReportError as error:
        await _give_up(abandon_sheet_report, report_id, error)
        return
    report.status, report.finished_at = Stage.DONE.value, datetime.now(UTC)
    await report.save(columns=[SheetReport.pdf, SheetReport.status, SheetReport.finished_at])


async def _give_up(abandon: Callable[[UUID], Awaitable[None]], report_id: UUID, error: ReportError) -> None:
    """The same words would fail again: only whoever asked for it may try once more."""
    log.error("a report cannot be printed", extra={"report": str(report_id), "reason": str(error)})
    await abandon(report_id)


async def abandon_report(report_id: UUID) -> None:
    """Marks a report that could not be printed, so that it can be asked for again."""
    await Report.update({Report.status: Stage.FAILED.value}).where(
        Report.id == report_id, Report.status == Stage.QUEUED.value
    )


async def abandon_sheet_report(report_id: UUID) -> None:
    """The same for the report of a sheet."""
    await SheetReport.update({SheetReport.status: Stage.FAILED.value}).where(
        SheetReport.id == report_id, SheetReport.status == Stage.QUEUED.value
    )


async def _inspect(assessment: Assessment, way_out: Network) -> None:
    """The proof for port scans is looked up now: whoever lost the domain since must not have it scanned.

    Raises:
        UnusableDomainError: there is no such domain, or its holder does not want it checked.
    """
    token = assessment.proof_token
    assessment.ports_allowed = assessment.stated and bool(token) and await proofs.stands(assessment.domain, token)
    await assessment.save(columns=[Assessment.ports_allowed])
    found: list[Finding] = []
    consent = Consent(probes=assessment.stated, ports=assessment.ports_allowed)
    request = Request(assessment.domain, consent, settings.current().opted_out)
    async with aclosing(inspect(request, way_out)) as findings:
        async for finding in findings:
            await recording.record(assessment, finding)
            found.append(finding)
    vantage = await look_around(assessment.domain, way_out)
    await recording.finish(assessment, found, limits=limits_of(vantage, found), resolvers=vantage.resolvers)
    log.info("check done", extra={"assessment": str(assessment.id), "findings": len(found)})


async def _wait_for_the_other(assessment_id: UUID) -> None:
    """The job is only done when the worker that took it over has ended it.

    Raises:
        TimeoutError: it did not, and the job is to be tried again.
    """
    async with asyncio.timeout(OTHERS_RESULT_S):
        while (await queries.by_id(assessment_id)).status not in {Stage.DONE, Stage.FAILED}:  # noqa: ASYNC110 - other process
            await asyncio.sleep(LOOK_EVERY_S)
