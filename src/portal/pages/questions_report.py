"""The whole report of a sheet: as a page, and as the same on paper."""

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK

from portal.accounts.permissions import knows_address
from portal.assessments.report import gathering
from portal.assessments.report.telling import context
from portal.assessments.sheets import reports, storage
from portal.assessments.tables import Stage
from portal.exports.tickets import Ticket, Whose
from portal.pages.exports import calendar_address
from portal.pages.page import AnyRequest, Page, page, see
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/q/{token:str}/report", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """The report as it stands now, made of the same parts as the PDF."""
    kept = await storage.by_token(token, viewer_of(request))
    calendar = calendar_address(request, language, Ticket(Whose.SHEET, kept.row.id))
    told = context(await gathering.of_sheet(kept, language, calendar), paper=False)
    state = await reports.stage(kept, language)
    return page(request, language, "questions/report.html", {**told, "token": token, "state": state})


@post("/{language:str}/q/{token:str}/report", status_code=HTTP_200_OK, guards=[requires(knows_address)])
async def ask(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Asks for the PDF in the page's language, once however often the button is pressed."""
    kept = await storage.by_token(token, viewer_of(request))
    report = await reports.request(kept, language)
    if "hx-request" in request.headers:
        return page(request, language, "questions/report_state.html", {"token": token, "state": report.status})
    return see(f"/{language}/q/{token}/report")


@get("/{language:str}/q/{token:str}/report/state", guards=[requires(knows_address)])
async def show_state(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """How far the PDF is: what the page asks again and again until there is one."""
    if "hx-request" not in request.headers:
        return see(f"/{language}/q/{token}/report")
    state = await reports.stage(await storage.by_token(token, viewer_of(request)), language)
    return page(request, language, "questions/report_state.html", {"token": token, "state": state})


@get("/{language:str}/q/{token:str}/report.pdf", guards=[requires(knows_address)])
async def download(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Response[bytes]:
    """The PDF. Raises NotFoundException until it is made of the sheet as it stands."""
    report = await reports.report_of(await storage.by_token(token, viewer_of(request)), language)
    if report is None or report.status != Stage.DONE:
        raise NotFoundException
    headers = {"content-disposition": f'attachment; filename="kyberkunto-{language}.pdf"'}
    return Response(bytes(report.pdf), media_type="application/pdf", headers=headers)
