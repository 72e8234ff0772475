"""Whether the service works, and whom to tell of a weakness in it; with no figures that are of use to attackers."""

from litestar import get
from litestar.params import FromPath

from portal import settings
from portal.accounts.permissions import anyone
from portal.pages.page import AnyRequest, Page, page
from portal.web.guards import requires
from portal.web.standing import standing


@get("/{language:str}/status", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str]) -> Page:
    """How the web, the database, the checks and the letters stand. Linked from every page."""
    return page(request, language, "status/show.html", {"standing": await standing()})


@get("/{language:str}/security", guards=[requires(anyone)])
async def security(request: AnyRequest, language: FromPath[str]) -> Page:
    """What security.txt calls the policy: how to tell of a weakness, and what whoever tells may expect."""
    contact = settings.current().told_of_weaknesses
    return page(request, language, "status/security.html", {"contact": contact.removeprefix("mailto:")})
