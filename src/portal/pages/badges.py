"""The badge: for its owner, who shows that the domain is theirs; and for the public, as a picture and a page."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from checks import advice
from checks.contract import Status
from checks.registry import ALL_CHECKS
from portal.accounts import proofs
from portal.accounts.permissions import knows_address, knows_link
from portal.assessments import queries
from portal.assessments.inspected import Inspected
from portal.assessments.tables import Assessment
from portal.errors import LinkNotFoundError
from portal.pages.page import AnyRequest, Page, has_stated, page, see, site, words
from portal.sharing import badges
from portal.sharing.badges import Shown
from portal.templating import render
from portal.web.guards import requires
from portal.web.sessions import holder_of, viewer_of

WIDTH, HEIGHT = 344, 72
"""Of the picture, in pixels."""
_LONGEST_NAME = 36
_ANSWERED = {Status.PASS, Status.FAIL, Status.INFO}


@get("/{language:str}/a/{token:str}/badge", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """The badge with the code to embed it; before there is one, what it is and how to get it."""
    return await _page(request, language, await queries.by_token(token, viewer_of(request)))


@post("/{language:str}/a/{token:str}/badge", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def make(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Makes the badge where the record stands and the holder said yes; otherwise says what is missing."""
    assessment = await queries.by_token(token, viewer_of(request))
    if not has_stated(await request.form()):
        error = words(language)("Tick that the domain is yours, or that you act for its owner.")
        return await _page(request, language, assessment, error=error)
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    if await badges.make(assessment, proof) is None:
        return await _page(request, language, assessment, not_found=True)
    return see(f"/{language}/a/{token}/badge")


@post("/{language:str}/a/{token:str}/badge/end", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def end(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Ends the badge at once."""
    await badges.end(await queries.by_token(token, viewer_of(request)))
    return see(f"/{language}/a/{token}/badge")


@get("/{language:str}/b/{token:str}", guards=[requires(knows_link)])
async def explain(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """For whoever followed the badge: what was checked, and when."""
    shown = await badges.show(token)
    return page(request, language, "sharing/badge_public.html", {"shown": shown, "topics": _topics(shown, language)})


@get("/{language:str}/b/{token:str}/badge.svg", guards=[requires(knows_link)])
async def picture(language: FromPath[str], token: FromPath[str]) -> Response[bytes]:
    """The badge as a picture without scripts; empty where there is none (any more)."""
    try:
        shown = await badges.show(token)
    except LinkNotFoundError:
        return Response(b"", status_code=HTTP_404_NOT_FOUND, media_type="image/svg+xml")
    svg = render("sharing/badge.svg", language, _drawing(shown.badge.domain, shown.inspected, shown.standing))
    return Response(svg.encode(), media_type="image/svg+xml")


def _drawing(domain: str, inspected: Inspected, standing: badges.Standing) -> dict[str, Any]:
    return {
        "domain": domain,
        "longest": _LONGEST_NAME,
        "at": inspected.started_at,
        "standing": standing,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _topics(shown: Shown, language: str) -> dict[str, list[str]]:
    """The names of what was looked at and could be told, by topic: how it came out is nobody's business here."""
    answered = {each.id for each in shown.inspected.findings if each.status in _ANSWERED}
    found: dict[str, list[str]] = {}
    for check in ALL_CHECKS:
        if check.id in answered:
            found.setdefault(check.id.partition(".")[0], []).append(advice.card(check.id).name[language])
    return found


async def _page(
    request: AnyRequest, language: str, assessment: Assessment, *, not_found: bool = False, error: str = ""
) -> Page:
    """`not_found`: the statement was made, and the record is not there yet. `error`: what is wrong with the form."""
    await queries.inspected(assessment)
    badge = await badges.badge_of(assessment)
    context: dict[str, Any] = {
        "domain": assessment.domain,
        "token": assessment.token,
        "badge": badge,
        "not_found": not_found,
        "stated": not_found,
        "error": error,
    }
    if badge is None:
        proof = await proofs.challenge_for(assessment.domain, holder_of(request))
        context |= {"record_name": proofs.record_name(assessment.domain), "record_value": proof.token}
        context |= {"expires_at": proof.expires_at}
    else:
        context |= {"address": f"{site(request)}/{language}/b/{badge.token}", "width": WIDTH, "height": HEIGHT}
        context |= {"standing": (await badges.show(badge.token)).standing}
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else HTTP_409_CONFLICT if not_found else HTTP_200_OK
    return page(request, language, "sharing/badge.html", context, status=status)
