"""The domains that belong to a sheet: have one checked, again, add another one, remove one."""

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from checks.errors import UnusableDomainError
from checks.names import parse_domain
from portal.accounts.permissions import knows_address
from portal.assessments import shared_domains
from portal.assessments.sheets import service, storage
from portal.assessments.sheets.service import MOST_DOMAINS
from portal.assessments.sheets.storage import KeptSheet
from portal.errors import TooManyDomainsError
from portal.pages import domains
from portal.pages.page import AnyRequest, Page, asking, has_stated, page, see, words
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/q/{token:str}/domain", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], told: FromQuery[str] = "") -> Page:
    """The domains, and the field for another one. `told`: `again` or `removed`, right after that."""
    tell = words(language)
    notices = {
        "again": tell("The check has begun. It takes some seconds; what was found before stays until then."),
        "removed": tell("The domain is removed. Nothing that was found of it counts any more."),
    }
    return _page(request, language, await storage.by_token(token, viewer_of(request)), notice=notices.get(told, ""))


@post("/{language:str}/q/{token:str}/domain", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def check(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Starts the check of a domain that was typed; the questions go on meanwhile."""
    kept = await storage.by_token(token, viewer_of(request))
    form = await request.form()
    typed, stated = str(form.get("domain", "")), has_stated(form)
    try:
        named = parse_domain(typed)
    except UnusableDomainError as error:
        return _page(request, language, kept, typed, domains.reason(error.code, language), stated=stated)
    if shared_domains.kind_of(named):
        return _page(request, language, kept, typed, domains.reason("shared", language), stated=stated)
    try:
        await service.have_checked(kept, domains.meant(named), client_of(request), stated=stated, asked=asking(request))
    except TooManyDomainsError:
        return _page(request, language, kept, typed, _full(language), stated=stated)
    return see(f"/{language}/q/{token}?told=domain")


@post("/{language:str}/q/{token:str}/domain/again", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def check_again(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Has the domains that the form names checked again, as they were before. `back`: `plan` leads back there."""
    kept = await storage.by_token(token, viewer_of(request))
    form = await request.form()
    wanted = [str(name) for name in form.getall("domain", [])]
    await service.check_again(kept, wanted, client_of(request), asked=asking(request))
    return see(f"/{language}/q/{token}/{'plan#done' if form.get('back') == 'plan' else 'domain?told=again'}")


@get("/{language:str}/q/{token:str}/domain/remove", guards=[requires(knows_address)])
async def ask_to_remove(
    request: AnyRequest, language: FromPath[str], token: FromPath[str], domain: FromQuery[str] = ""
) -> Page:
    """Whether that domain is to be removed. Raises NotFoundException for one that the sheet has not."""
    kept = await storage.by_token(token, viewer_of(request))
    if all(each.domain != domain for each in kept.domains):
        raise NotFoundException
    return page(request, language, "questions/domain_remove.html", {"token": token, "domain": domain})


@post("/{language:str}/q/{token:str}/domain/remove", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def remove(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Removes a domain from the sheet."""
    kept = await storage.by_token(token, viewer_of(request))
    await service.drop_domain(kept, str((await request.form()).get("domain", "")))
    return see(f"/{language}/q/{token}/domain?told=removed")


def _full(language: str) -> str:
    tell = words(language)
    return tell("There can be at most %(count)s domains. Remove one first.") % {"count": MOST_DOMAINS}


def _page(  # noqa: PLR0913 - what the page says
    request: AnyRequest,
    language: str,
    kept: KeptSheet,
    typed: str = "",
    error: str = "",
    *,
    stated: bool = False,
    notice: str = "",
) -> Page:
    context = {
        "token": kept.row.token,
        "domains": kept.domains,
        "full": _full(language) if len(kept.domains) >= MOST_DOMAINS else "",
        "typed": typed[:300],
        "error": error,
        "stated": stated,
        "notice": notice,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "questions/domain.html", context, status=status)
