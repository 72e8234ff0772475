"""A city as its organisers see it: its texts, its contact, its people. Times are on the city's clock."""

from collections.abc import Mapping

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import cities, invitations, roles
from portal.accounts.cities import Description, KnownCity
from portal.accounts.invitations import Ask
from portal.accounts.permissions import organises
from portal.accounts.tables import RoleKind
from portal.errors import UnusableCityError
from portal.pages import city_forms, inviting
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

MANAGE = "/{language:str}/city/{city:str}/manage"


@get(MANAGE, guards=[requires(organises)])
async def show(request: AnyRequest, language: FromPath[str], city: FromPath[str], told: FromQuery[str] = "") -> Page:
    """What there is to do, and who does it. `told`: what was done just now."""
    return await _people_page(request, language, await cities.by_slug(city), told=told)


@get(f"{MANAGE}/texts", guards=[requires(organises)])
async def texts(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page:
    """The form of the city's texts."""
    known = await cities.by_slug(city)
    return _texts_page(request, language, known, known.described)


@post(f"{MANAGE}/texts", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def change(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page | Redirect:
    """Keeps them; what is wrong comes back to its field."""
    known = await cities.by_slug(city)
    described = city_forms.texts_of(await request.form(), known.described)
    try:
        await cities.change(known, described, viewer_of(request), RoleKind.ORGANISER)
    except UnusableCityError as error:
        return _texts_page(request, language, known, described, city_forms.reasons(error, language))
    return _back(language, city, "changed")


@post(f"{MANAGE}/invite", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def invite(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page | Redirect:
    """Asks somebody to be an organiser or a juror here."""
    known = await cities.by_slug(city)
    form = await request.form()
    ask, duty = inviting.ask_of(request, form, language), str(form.get("duty", ""))
    if duty not in set(roles.IN_CITIES):
        tell = words(language)
        errors = {"duty": tell("Choose what they are to do.")}
        return await _people_page(request, language, known, errors=errors, ask=ask)
    try:
        await invitations.to_role(RoleKind(duty), known, ask, RoleKind.ORGANISER)
    except inviting.REFUSALS as error:
        errors = {"address": inviting.reason(error, language)}
        return await _people_page(request, language, known, errors=errors, ask=ask, duty=duty)
    return _back(language, city, "invited")


@post(f"{MANAGE}/end-invitation", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def end_invitation(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Redirect:
    """Ends an invitation at once."""
    known = await cities.by_slug(city)
    await invitations.withdraw_from_role(id_in(await request.form(), "invitation"), viewer_of(request), known.id)
    return _back(language, city, "ended")


@post(f"{MANAGE}/withdraw", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def withdraw(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Redirect:
    """Takes a task away."""
    known = await cities.by_slug(city)
    await roles.withdraw(id_in(await request.form(), "given"), viewer_of(request), known.id)
    return _back(language, city, "withdrawn")


def _back(language: str, city: str, told: str) -> Redirect:
    return see(f"/{language}/city/{city}/manage?told={told}")


async def _people_page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    city: KnownCity,
    *,
    told: str = "",
    errors: Mapping[str, str] | None = None,
    ask: Ask | None = None,
    duty: str = "",
) -> Page:
    context = {
        "city": city,
        "name": city.name_in(language),
        "holders": await roles.holders(city.id),
        "invited": await invitations.to_roles(city.id),
        "me": viewer_of(request).person,
        "missing": [code for code in city.described.languages if not city.described.privacy.get(code)],
        "errors": errors or {},
        "invite": inviting.shown(city.described.languages[0], ask),
        "duty": duty,
        "notice": notices(language).get(told, ""),
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "cities/manage.html", context, status=status)


def _texts_page(
    request: AnyRequest,
    language: str,
    city: KnownCity,
    described: Description,
    errors: Mapping[str, str] | None = None,
) -> Page:
    context = {"city": city, "name": city.name_in(language), "described": described, "errors": errors or {}}
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "cities/texts.html", context, status=status)


def notices(language: str) -> dict[str, str]:
    """What was done just now, in words; administrators do the same."""
    tell = words(language)
    return {
        "made": tell("The city is made. Now invite its first organiser."),
        "changed": tell("The texts are saved."),
        "invited": tell("The letter is on its way. Whoever reads it signs in with that address and says yes or no."),
        "ended": tell("The invitation is ended."),
        "withdrawn": tell("The task is taken away."),
    }
