"""The domain that belongs to a sheet: have it checked, again, or another one."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from checks.errors import UnusableDomainError
from checks.names import parse_domain
from portal.assessments import shared_domains
from portal.assessments.sheets import service, storage
from portal.assessments.sheets.storage import KeptSheet
from portal.pages import domains
from portal.pages.page import AnyRequest, Page, has_stated, page, see
from portal.web.clients import client_of


@get("/{language:str}/q/{token:str}/domain")
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """The field for a domain, with the one that was checked before."""
    kept = await storage.by_token(token)
    return _page(request, language, kept, "")


@post("/{language:str}/q/{token:str}/domain", status_code=HTTP_303_SEE_OTHER)
async def check(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Starts the check; the questions go on meanwhile."""
    kept = await storage.by_token(token)
    form = await request.form()
    typed, stated = str(form.get("domain", "")), has_stated(form)
    try:
        named = parse_domain(typed)
    except UnusableDomainError as error:
        return _page(request, language, kept, typed, domains.reason(error.code, language), stated=stated)
    if shared_domains.kind_of(named):
        return _page(request, language, kept, typed, domains.reason("shared", language), stated=stated)
    await service.have_checked(kept, domains.meant(named), client_of(request), stated=stated)
    return see(f"/{language}/q/{token}?told=domain")


def _page(  # noqa: PLR0913 - what the page says
    request: AnyRequest, language: str, kept: KeptSheet, typed: str, error: str = "", *, stated: bool = False
) -> Page:
    context = {
        "token": kept.row.token,
        "domains": kept.domains,
        "typed": typed[:300],
        "error": error,
        "stated": stated,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "questions/domain.html", context, status=status)
