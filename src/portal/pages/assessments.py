"""One check of one domain: its findings as they land, and then its result."""

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent

from checks.contract import Finding, Status
from portal.assessments import queries
from portal.assessments.history import newer_of
from portal.assessments.outline import asked_now, item, lanes
from portal.assessments.queries import StoredFinding
from portal.assessments.tables import Assessment, Stage
from portal.exports.tickets import Ticket, Whose
from portal.pages import results
from portal.pages.exports import calendar_address
from portal.pages.page import AnyRequest, Page, page, words
from portal.templating import render
from portal.web import progress


@get("/{language:str}/a/{token:str}")
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], told: FromQuery[str] = "") -> Page:
    """How far the check is, or its result. `told` is `wrong` right after somebody objected to a finding."""
    assessment = await queries.by_token(token)
    tell = words(language)
    shared = {
        "domain": assessment.domain,
        "token": token,
        "stage": assessment.status,
        "failure": assessment.failure,
        "stated": assessment.stated,
        "ports_allowed": assessment.ports_allowed,
        "report": "",
        "calendar": calendar_address(request, language, Ticket(Whose.CHECK, assessment.id)),
        "notice": tell("Thank you. Those who run this service will read it.") if told == "wrong" else "",
    }
    if assessment.status == Stage.DONE:
        shared |= await results.result(assessment, language)
        shared["newer"] = await newer_of(assessment)
        shared["report"] = await queries.report_stage(assessment, language)
    elif assessment.status != Stage.FAILED:
        findings = [stored.finding for stored in await queries.findings_of(assessment)]
        shared |= _progress(assessment, findings, language)
    return page(request, language, "assessments/show.html", shared)


@get("/{language:str}/a/{token:str}/events")
async def events(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> ServerSentEvent:
    """Each finding as it lands, shown as the whole progress so far: an event that comes twice changes nothing."""
    assessment = await queries.by_token(token)
    before = [s for s in await queries.findings_of(assessment) if s.seq <= progress.last_event_id(request)]
    seen = {(stored.finding.id, stored.finding.subject): stored.finding for stored in before}

    def show_finding(stored: StoredFinding) -> str:
        key = (stored.finding.id, stored.finding.subject)
        seen.pop(key, None)
        seen[key] = stored.finding
        running = _progress(assessment, list(seen.values()), language, stage=Stage.RUNNING)
        return render("assessments/progress.html", language, running)

    return progress.progress(request, assessment, show_finding, lambda _ended: "")


def _progress(
    assessment: Assessment, findings: Sequence[Finding], language: str, stage: str | None = None
) -> dict[str, Any]:
    return {
        "stage": stage or assessment.status,
        "lanes": lanes(findings),
        "asked_now": asked_now(findings, language),
        "items": [
            item(finding, assessment.domain, language)
            for finding in findings
            if finding.status is not Status.NOT_APPLICABLE
        ],
    }
