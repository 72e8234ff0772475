"""The result as a PDF: asked for, made by a worker, then fetched."""

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK

from portal.accounts.permissions import knows_address
from portal.assessments import queries, service
from portal.assessments.tables import Assessment, Stage
from portal.pages.page import AnyRequest, Page, page, see
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@post("/{language:str}/a/{token:str}/report", status_code=HTTP_200_OK, guards=[requires(knows_address)])
async def request_report(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Asks for the report in the page's language, once however often the button is pressed."""
    assessment = await queries.by_token(token, viewer_of(request))
    report = await service.request_report(assessment, language)
    if "hx-request" in request.headers:
        return _state(request, language, assessment, report.status)
    return see(f"/{language}/a/{token}")


@get("/{language:str}/a/{token:str}/report", guards=[requires(knows_address)])
async def show_state(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """How far the report is: what the result page asks again and again until there is one."""
    assessment = await queries.by_token(token, viewer_of(request))
    if "hx-request" not in request.headers:
        return see(f"/{language}/a/{token}")
    return _state(request, language, assessment, await queries.report_stage(assessment, language))


@get("/{language:str}/a/{token:str}/report.pdf", guards=[requires(knows_address)])
async def download(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Response[bytes]:
    """The PDF. Raises NotFoundException until it is made."""
    assessment = await queries.by_token(token, viewer_of(request))
    report = await queries.report_of(assessment, language)
    if report is None or report.status != Stage.DONE:
        raise NotFoundException
    name = f"kyberkunto-{assessment.domain}-{language}.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(bytes(report.pdf), media_type="application/pdf", headers=headers)


def _state(request: AnyRequest, language: str, assessment: Assessment, state: str) -> Page:
    return page(request, language, "reports/state.html", {"token": assessment.token, "report": state})
