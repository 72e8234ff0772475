"""The whole report that somebody was given a link to, on paper: asked for, made by a worker, then fetched."""

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK

from portal.accounts.permissions import knows_link
from portal.errors import LinkNotFoundError
from portal.pages.page import AnyRequest, Page, page, see
from portal.sharing import papers, service
from portal.sharing.files import OwnFile
from portal.sharing.tables import Audience
from portal.web.guards import requires


@post("/{language:str}/s/{token:str}/report", status_code=HTTP_200_OK, guards=[requires(knows_link)])
async def ask(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Asks for the PDF in the page's language, once however often the button is pressed."""
    state = await papers.ask(await _file(token), language)
    if "hx-request" in request.headers:
        return page(request, language, "sharing/report_state.html", {"token": token, "state": state})
    return see(f"/{language}/s/{token}")


@get("/{language:str}/s/{token:str}/report", guards=[requires(knows_link)])
async def show_state(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """How far the PDF is: what the page asks again and again until there is one."""
    if "hx-request" not in request.headers:
        return see(f"/{language}/s/{token}")
    state = await papers.stage(await _file(token), language)
    return page(request, language, "sharing/report_state.html", {"token": token, "state": state})


@get("/{language:str}/s/{token:str}/report.pdf", guards=[requires(knows_link)])
async def download(language: FromPath[str], token: FromPath[str]) -> Response[bytes]:
    """The PDF. Raises NotFoundException until it is made of the file as it stands."""
    pdf = await papers.pdf(await _file(token), language)
    if pdf is None:
        raise NotFoundException
    headers = {"content-disposition": f'attachment; filename="kyberkunto-{language}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _file(token: str) -> OwnFile:
    """What the link shows. Raises LinkNotFoundError for one that shows no whole report."""
    link = await service.follow(token)
    if link.audience != Audience.REPORT:
        raise LinkNotFoundError
    return await service.file_of(link)
