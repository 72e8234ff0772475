"""A city as everybody sees it: what its programme offers, whom to ask, what it does with what it sees."""

from collections.abc import Sequence

from litestar import get
from litestar.params import FromPath
from msgspec import Struct

from portal.accounts import cities
from portal.accounts.cities import KnownCity, Told
from portal.accounts.permissions import anyone
from portal.errors import NotAllowedError
from portal.pages.calls import open_calls
from portal.pages.page import AnyRequest, Page, page
from portal.web.guards import requires
from portal.web.sessions import viewer_of


class Choice(Struct, frozen=True):
    """One city among those to choose from."""

    slug: str
    name: Told


@get("/{language:str}/city/{city:str}", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page:
    """The city's page, in the reader's language where the city has written in it."""
    known = await cities.by_slug(city)
    context = {
        "city": known,
        "name": known.name_in(language),
        "privacy": known.privacy_in(language),
        "calls": await open_calls(city),
        "organises": city in viewer_of(request).organises,
    }
    return page(request, language, "cities/show.html", context)


async def choices(language: str) -> Sequence[Choice]:
    """All cities, by their names in that language."""
    named = [Choice(each.slug, each.name_in(language)) for each in await cities.all_of_them()]
    return sorted(named, key=lambda each: each.name.text.casefold())


async def chosen(slug: str) -> KnownCity | None:
    """The city that a form or an address names; None for none, and for one that there is not."""
    try:
        return await cities.by_slug(slug.replace("\0", "")) if slug else None
    except NotAllowedError:
        return None
