"""Check this again: a fresh check of the whole domain, whose page tells first what became of one finding."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from checks.contract import Finding
from checks.registry import consent_for
from portal.accounts.permissions import knows_address
from portal.assessments import queries, service
from portal.assessments.history import newer_of
from portal.assessments.outline import item
from portal.assessments.rechecking import Asked
from portal.assessments.tables import Assessment, Stage
from portal.errors import FindingNotFoundError
from portal.pages.page import AnyRequest, Page, asking, has_stated, page, see, words
from portal.pages.views import view_of
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of

_UNDER_WAY = {Stage.QUEUED.value, Stage.RUNNING.value}


@get("/{language:str}/a/{token:str}/again", guards=[requires(knows_address)])
async def show(
    request: AnyRequest, language: FromPath[str], token: FromPath[str], finding: FromQuery[str] = ""
) -> Page | Redirect:
    """What somebody has to state before that finding can be checked again; for a door, the page to show it."""
    assessment = await queries.by_token(token, viewer_of(request))
    found = await _found(assessment, finding)
    if consent_for(found.id).ports:
        return see(f"/{language}/a/{token}/ports")
    return _page(request, language, assessment, found)


@post("/{language:str}/a/{token:str}/again", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def check(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Starts the new check, or leads to the one that is under way."""
    assessment = await queries.by_token(token, viewer_of(request))
    form = await request.form()
    found, stated = await _found(assessment, str(form.get("finding", ""))), has_stated(form)
    needed = consent_for(found.id)
    if needed.ports:
        return see(f"/{language}/a/{token}/ports")
    if needed.probes and not stated:
        tell = words(language)
        error = tell("Tick that the domain is yours, or that you act for its owner.")
        return _page(request, language, assessment, found, error)
    newer = await newer_of(assessment)
    if newer is None or newer.status not in _UNDER_WAY or stated > newer.stated:
        client = client_of(request)
        # What was stated for the earlier check holds for this one, or what it found by it would be forgotten.
        again = stated or assessment.stated
        newer = await service.start(
            assessment.domain, language, client, stated=again, previous=assessment, asked=asking(request)
        )
    query = view_of(request).of_finding(Asked(found.id, found.subject).key)
    return see(f"/{language}/a/{newer.token}{query}#this")


async def _found(assessment: Assessment, key: str) -> Finding:
    """Raises FindingNotFoundError."""
    found = Asked.parse(key).among(stored.finding for stored in await queries.findings_of(assessment))
    if found is None:
        raise FindingNotFoundError
    return found


def _page(request: AnyRequest, language: str, assessment: Assessment, found: Finding, error: str = "") -> Page:
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "item": item(found, assessment.domain, language),
        "needs_statement": consent_for(found.id).probes,
        "query": view_of(request).of_finding(""),
        "error": error,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "assessments/again.html", context, status=status)
