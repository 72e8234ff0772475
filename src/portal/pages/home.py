"""The front page: what this is, a field for a domain, and the check that it starts."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from checks.errors import UnusableDomainError
from checks.names import parse_domain
from portal.accounts.permissions import anyone
from portal.assessments import queries, service, shared_domains
from portal.i18n import preferred
from portal.pages import domains
from portal.pages.calls import open_calls
from portal.pages.cities import choices
from portal.pages.page import AnyRequest, Page, asking, has_stated, page, see
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/", guards=[requires(anyone)])
async def choose_language(request: AnyRequest) -> Redirect:
    """To the front page in the browser's language."""
    language = preferred(request.headers.get("accept-language", ""))
    return Redirect(f"/{language}/", status_code=HTTP_303_SEE_OTHER, headers={"vary": "accept-language"})


@get("/{language:str}", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str]) -> Page:
    """The front page."""
    return await _front_page(request, language)


@post("/{language:str}", status_code=HTTP_303_SEE_OTHER, guards=[requires(anyone)])
async def start(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Starts a check; what cannot be checked comes back to the field with a reason. `again`: an earlier one."""
    form = await request.form()
    typed, stated = str(form.get("domain", "")), has_stated(form)
    try:
        named = parse_domain(typed)
    except UnusableDomainError as error:
        return await _front_page(request, language, typed, domains.reason(error.code, language), stated=stated)
    if shared_domains.kind_of(named):
        return see(f"/{language}/own-name?name={named}")
    again = str(form.get("again", ""))
    previous = await queries.by_token(again, viewer_of(request)) if again else None
    client = client_of(request)
    assessment = await service.start(
        domains.meant(named), language, client, stated=stated, previous=previous, asked=asking(request)
    )
    return see(f"/{language}/a/{assessment.token}")


@get("/{language:str}/own-name", guards=[requires(anyone)])
async def own_name(request: AnyRequest, language: FromPath[str], name: FromQuery[str] = "") -> Page:
    """What can be done without a domain of one's own; kinder still where we know whose domain was typed."""
    kind = shared_domains.kind_of(name)
    return page(request, language, "home/own_name.html", {"kind": kind, "name": name if kind else ""})


async def _front_page(
    request: AnyRequest, language: str, typed: str = "", error: str = "", *, stated: bool = False
) -> Page:
    context = {
        "typed": typed[:300],
        "error": error,
        "stated": stated,
        "picture": f"report-{language}.png",
        "cities": await choices(language),
        "calls": await open_calls(),
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "home/home.html", context, status=status)
