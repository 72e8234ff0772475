"""Several cities in one call, as their organisers see it: who is asked, and what they say."""

from collections.abc import Mapping

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import cities
from portal.accounts.permissions import organises
from portal.calls import drafts, partners
from portal.calls.drafts import Draft
from portal.errors import AlreadyThereError, EditedMeanwhileError
from portal.pages.call_managing import CALL, CITY, notices, shared
from portal.pages.cities import choices
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@post(f"{CITY}/calls/answer", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def answer(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Redirect:
    """Says yes or no to another city's call."""
    known, form = await cities.by_slug(city), await request.form()
    joins = form.get("do") == "yes"
    await partners.answer(id_in(form, "joining"), known, viewer_of(request), joins=joins)
    return see(f"/{language}/city/{city}/calls?told={'joined' if joins else 'declined'}")


@get(f"{CALL}/cities", guards=[requires(organises)])
async def show_cities(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """The cities that make the call, and whom its lead asked."""
    draft = await drafts.of_city(call, city)
    return await _cities_page(request, language, city, draft, notice=notices(language).get(told, ""))


@post(f"{CALL}/cities", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def change_cities(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Asks another city, or asks it no more."""
    draft, known, form = await drafts.of_city(call, city), await cities.by_slug(city), await request.form()
    viewer, tell = viewer_of(request), words(language)
    here = f"/{language}/city/{city}/call/{call}/cities"
    try:
        if "request" in form:
            await partners.take_back(draft, id_in(form, "request"), known, viewer)
            return see(f"{here}?told=taken-back")
        await partners.ask(draft, str(form.get("asked", "")).replace("\0", ""), known, viewer)
    except AlreadyThereError:
        errors = {"asked": tell("That city makes the call already, or was asked.")}
        return await _cities_page(request, language, city, draft, errors)
    except EditedMeanwhileError:
        return see(f"{here}?told=overtaken")
    return see(f"{here}?told=asked")


async def _cities_page(  # noqa: PLR0913, PLR0917 - what came back from the page's form
    request: AnyRequest,
    language: str,
    city: str,
    draft: Draft,
    errors: Mapping[str, str] | None = None,
    notice: str = "",
) -> Page:
    asked = await partners.requests_of(draft.id)
    there = {each.slug for each in draft.cities} | {request.city.slug for request in asked}
    context = {
        **shared(draft, city, language),
        "asked": asked,
        "others": [each for each in await choices(language) if each.slug not in there],
        "errors": errors or {},
        "notice": notice,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "calls/cities.html", context, status=status)
