"""Check your answers: everything that was answered, each with a way to change it."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts.permissions import knows_address
from portal.assessments.catalogue import current
from portal.assessments.sheets import service, storage
from portal.assessments.sheets.sightings import sightings
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.way import way
from portal.pages.page import AnyRequest, Page, page, see
from portal.pages.questions import is_renewed
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/q/{token:str}/answers", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """Every question of this firm with its answer, or that it has none yet."""
    kept = await storage.by_token(token, viewer_of(request))
    catalogue = current()
    seen = sightings(kept, catalogue, await standing(kept, catalogue), language) if kept.findings else {}
    context = {
        "token": token,
        "seen": seen,
        "way": way(catalogue, kept.as_of(catalogue)),
        "given": kept.given,
        "renewed": is_renewed(kept),
    }
    return page(request, language, "questions/answers.html", context)


@post("/{language:str}/q/{token:str}/answers", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def look_through(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Keeps that the owner looks through the answers after the questions were renewed."""
    kept = await storage.by_token(token, viewer_of(request))
    await service.have_seen_renewal(kept.row, current())
    return see(f"/{language}/q/{token}/answers")
