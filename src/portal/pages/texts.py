"""Pages of text: what to do when it has just happened, what happens with the data, accessibility, about."""

from datetime import UTC, datetime

from litestar import get
from litestar.params import FromPath, FromQuery

from checks.registry import CATALOGUE_VERSION
from portal.accounts import cities
from portal.accounts.permissions import anyone
from portal.pages.page import AnyRequest, Page, page
from portal.web.guards import requires

STATEMENT_WRITTEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""When the accessibility statement was last gone through; whoever changes what it says changes this."""


@get("/{language:str}/now", guards=[requires(anyone)])
async def now(request: AnyRequest, language: FromPath[str]) -> Page:
    """Hacked, or a false invoice paid: the first hour. Linked from every page."""
    return page(request, language, "texts/now.html", {})


@get("/{language:str}/data", guards=[requires(anyone)])
async def data(request: AnyRequest, language: FromPath[str], told: FromQuery[str] = "") -> Page:
    """What is looked at, what is kept, for how long, and who sees it; what each city adds. `told`: deleted just now."""
    context = {"cities": await cities.all_of_them(), "told": told}
    return page(request, language, "texts/data.html", context)


@get("/{language:str}/accessibility", guards=[requires(anyone)])
async def accessibility(request: AnyRequest, language: FromPath[str]) -> Page:
    """The accessibility statement."""
    return page(request, language, "texts/accessibility.html", {"written": STATEMENT_WRITTEN})


@get("/{language:str}/about", guards=[requires(anyone)])
async def about(request: AnyRequest, language: FromPath[str]) -> Page:
    """Who made this, for whom, and what it does not do yet."""
    return page(request, language, "texts/about.html", {"catalogue_version": CATALOGUE_VERSION})
