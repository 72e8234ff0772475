"""One check of one domain: its findings as they land, and then its result."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent
from msgspec.structs import replace

from checks.contract import Finding, Status
from portal.accounts.permissions import knows_address
from portal.assessments import queries, rechecking, service
from portal.assessments.history import newer_of, told_before
from portal.assessments.outline import asked_now, item, lanes
from portal.assessments.queries import StoredFinding
from portal.assessments.rechecking import Asked
from portal.assessments.tables import Assessment, Stage
from portal.exports.tickets import Ticket, Whose
from portal.pages import results
from portal.pages.exports import calendar_address
from portal.pages.page import AnyRequest, Page, page, words
from portal.pages.views import View, view_of
from portal.templating import render
from portal.web import progress
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of

_MINUTE = timedelta(minutes=1)


@get("/{language:str}/a/{token:str}", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], told: FromQuery[str] = "") -> Page:
    """How far the check is, or its result. `told`: `wrong` after an objection to a finding, `kept` after claiming."""
    assessment = await queries.by_token(token, viewer_of(request))
    view = view_of(request)
    shared = {
        "domain": assessment.domain,
        "token": token,
        "view": view,
        "stage": assessment.status,
        "failure": assessment.failure,
        "stated": assessment.stated,
        "ports_allowed": assessment.ports_allowed,
        "report": "",
        "this": None,
        "landed": None,
        "calendar": calendar_address(request, language, Ticket(Whose.CHECK, assessment.id)),
        "is_kept": assessment.firm is not None,
        "notice": _notice(told, language),
    }
    if assessment.status == Stage.DONE:
        shared |= await _result(request, assessment, language, view)
    elif assessment.status != Stage.FAILED:
        findings = [stored.finding for stored in await queries.findings_of(assessment)]
        was = await told_before(assessment, Asked.parse(view.about))
        shared |= _progress(assessment, findings, language)
        shared["this"] = _this(was, findings, assessment, language) if was else None
    return page(request, language, "assessments/show.html", shared)


@get("/{language:str}/a/{token:str}/events", guards=[requires(knows_address)])
async def events(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> ServerSentEvent:
    """Each finding as it lands, shown as the whole progress so far: an event that comes twice changes nothing.

    With the finding that somebody had checked again comes what became of it.
    """
    assessment = await queries.by_token(token, viewer_of(request))
    was = await told_before(assessment, Asked.parse(view_of(request).about))
    before = [s for s in await queries.findings_of(assessment) if s.seq <= progress.last_event_id(request)]
    seen = {(stored.finding.id, stored.finding.subject): stored.finding for stored in before}

    def show_finding(stored: StoredFinding) -> str:
        key = (stored.finding.id, stored.finding.subject)
        seen.pop(key, None)
        seen[key] = stored.finding
        running = _progress(assessment, list(seen.values()), language, stage=Stage.RUNNING)
        is_this = was is not None and key == (was.id, was.subject)
        landed = _this(was, [stored.finding], assessment, language) if was and is_this else None
        return render("assessments/progress.html", language, {**running, "landed": landed})

    return progress.progress(request, assessment, show_finding, lambda _ended: "")


def _notice(told: str, language: str) -> str:
    tell = words(language)
    if told == "kept":
        return tell("It is kept in your account. From now on only your firm's people can open it.")
    return tell("Thank you. Those who run this service will read it.") if told == "wrong" else ""


async def _result(request: AnyRequest, assessment: Assessment, language: str, view: View) -> dict[str, Any]:
    """The result, and what depends on who looks at it when: how long until they may ask again, and what came since."""
    if view.about and await told_before(assessment, Asked.parse(view.about)) is None:
        view = replace(view, about="")
    again_at = await service.next_at(assessment.domain, client_of(request))
    wait_s = ceil((again_at - datetime.now(UTC)).total_seconds()) if again_at else 0
    by_the_clock = again_at.replace(second=0, microsecond=0) + _MINUTE if again_at else None
    return {
        **await results.result(assessment, language, view, by_the_clock),
        "again_at": by_the_clock,
        "wait_s": max(wait_s, 0),
        "newer": await newer_of(assessment),
        "report": await queries.report_stage(assessment, language),
    }


def _this(was: Finding, findings: Sequence[Finding], assessment: Assessment, language: str) -> rechecking.Told:
    now = Asked(was.id, was.subject).among(findings)
    return rechecking.told(was, now, assessment.domain, language, ended=False)


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
