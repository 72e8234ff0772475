"""A firm takes part in a pilot, or no longer: in plain words what is shared, which is nothing but being counted."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.permissions import knows_address
from portal.assessments.sheets import storage
from portal.assessments.sheets.storage import KeptSheet
from portal.errors import NotAllowedError, PilotNotOpenError
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.programme import pilots
from portal.programme.admitting import LEAST
from portal.web.guards import requires
from portal.web.sessions import viewer_of

PILOT = "/{language:str}/q/{token:str}/pilot"


@get(PILOT, guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], told: FromQuery[str] = "") -> Page:
    """The pilots that go on, and those in which the firm takes part. `told`: what was done just now."""
    return await _page(request, language, await storage.by_token(token, viewer_of(request)), told)


@post(PILOT, status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def choose(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Takes part, or ends that. A sheet that is nobody's is kept in an account first: consent is somebody's."""
    viewer = viewer_of(request)
    kept = await storage.by_token(token, viewer)
    here = f"/{language}/q/{token}"
    if kept.row.firm is None:
        return see(f"{here}/keep")
    form = await request.form()
    tell = words(language)
    try:
        pilot = id_in(form, "pilot")
        if form.get("do") == "leave":
            await pilots.leave(kept, pilot, viewer)
            return see(f"{here}/pilot?told=left")
        if form.get("agree") != "yes":
            return await _page(request, language, kept, error=tell("Tick that the firm agrees to be counted."))
        await pilots.join(kept, pilot, viewer)
    except NotAllowedError:
        return await _page(request, language, kept, error=_reason("over", language))
    except PilotNotOpenError as refused:
        return await _page(request, language, kept, error=_reason(refused.code, language))
    return see(f"{here}/pilot?told=joined")


async def _page(request: AnyRequest, language: str, kept: KeptSheet, told: str = "", error: str = "") -> Page:
    tell = words(language)
    context = {
        "token": kept.row.token,
        "is_kept": kept.row.firm is not None,
        "pilots": await pilots.for_firm(kept, language),
        "errors": {"pilots": error} if error else {},
        "notice": {
            "joined": tell("Your firm takes part. You can end that here at any time."),
            "left": tell("Your firm takes part no more. What was kept of it in the pilot is deleted."),
        }.get(told, ""),
        "days": pilots.AFTER.days,
        "least": LEAST,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "questions/pilot.html", context, status=status)


def _reason(code: str, language: str) -> str:
    tell = words(language)
    return {
        "over": tell("That pilot is over."),
        "too-few-answers": tell("Answer at least half of the questions first, so that there is something to compare."),
    }[code]
