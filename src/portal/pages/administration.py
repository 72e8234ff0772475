"""What administrators do: make cities, give and take tasks. Of firms they see nothing."""

from collections.abc import Mapping

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import cities, invitations, roles
from portal.accounts.cities import Description
from portal.accounts.invitations import Ask
from portal.accounts.permissions import administers
from portal.accounts.tables import RoleKind
from portal.errors import LastAdministratorError, UnusableCityError
from portal.i18n import NAMES
from portal.pages import city_forms, inviting
from portal.pages.cities import choices, chosen
from portal.pages.city_managing import notices
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

_EVERYWHERE = RoleKind.ADMINISTRATOR.value


@get("/{language:str}/administration", guards=[requires(administers)])
async def show(request: AnyRequest, language: FromPath[str], told: FromQuery[str] = "") -> Page:
    """The cities, and who does what. `told`: what was done just now."""
    return await _overview(request, language, notice=notices(language).get(told, ""))


@get("/{language:str}/administration/city", guards=[requires(administers)])
async def new(request: AnyRequest, language: FromPath[str]) -> Page:
    """The form of a new city."""
    return _city_page(request, language, "", city_forms.EMPTY)


@post("/{language:str}/administration/city", status_code=HTTP_303_SEE_OTHER, guards=[requires(administers)])
async def make(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Makes it; what is wrong comes back to its field."""
    form = await request.form()
    slug, described = str(form.get("slug", "")).strip(), city_forms.whole(form)
    try:
        await cities.make(slug, described, viewer_of(request))
    except UnusableCityError as error:
        return _city_page(request, language, slug, described, city_forms.reasons(error, language))
    return see(f"/{language}/administration/invite?city={slug}&told=made")


@get("/{language:str}/administration/city/{city:str}", guards=[requires(administers)])
async def edit(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page:
    """The form of that city."""
    known = await cities.by_slug(city)
    return _city_page(request, language, known.slug, known.described, is_new=False)


@post("/{language:str}/administration/city/{city:str}", status_code=HTTP_303_SEE_OTHER, guards=[requires(administers)])
async def change(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page | Redirect:
    """Keeps it; what is wrong comes back to its field. The address stays."""
    known = await cities.by_slug(city)
    described = city_forms.whole(await request.form())
    try:
        await cities.change(known, described, viewer_of(request), RoleKind.ADMINISTRATOR)
    except UnusableCityError as error:
        return _city_page(request, language, city, described, city_forms.reasons(error, language), is_new=False)
    return see(f"/{language}/administration?told=changed")


@get("/{language:str}/administration/invite", guards=[requires(administers)])
async def ask(
    request: AnyRequest, language: FromPath[str], city: FromQuery[str] = "", told: FromQuery[str] = ""
) -> Page:
    """The form that asks somebody to take a task; `city`: where the way here came from."""
    duty = RoleKind.ORGANISER.value if city else ""
    return await _invite_page(request, language, {"duty": duty, "city": city}, told=told)


@post("/{language:str}/administration/invite", status_code=HTTP_303_SEE_OTHER, guards=[requires(administers)])
async def invite(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Asks them by a letter; what is missing comes back to its field."""
    form = await request.form()
    asked = inviting.ask_of(request, form, language)
    typed = {field: str(form.get(field, "")) for field in ("duty", "city")}
    city = await chosen(typed["city"]) if typed["duty"] != _EVERYWHERE else None
    errors, tell = {}, words(language)
    if typed["duty"] not in set(RoleKind):
        errors["duty"] = tell("Choose what they are to do.")
    if city is None and typed["duty"] != _EVERYWHERE:
        errors["city"] = tell("Choose the city.")
    if not errors:
        try:
            await invitations.to_role(RoleKind(typed["duty"]), city, asked, RoleKind.ADMINISTRATOR)
        except inviting.REFUSALS as error:
            errors["address"] = inviting.reason(error, language)
    if errors:
        return await _invite_page(request, language, typed, errors=errors, asked=asked)
    return see(f"/{language}/administration?told=invited")


@post("/{language:str}/administration/end-invitation", status_code=HTTP_303_SEE_OTHER, guards=[requires(administers)])
async def end_invitation(request: AnyRequest, language: FromPath[str]) -> Redirect:
    """Ends an invitation at once."""
    await invitations.withdraw_from_role(id_in(await request.form(), "invitation"), viewer_of(request))
    return see(f"/{language}/administration?told=ended")


@post("/{language:str}/administration/withdraw", status_code=HTTP_303_SEE_OTHER, guards=[requires(administers)])
async def withdraw(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Takes a task away; the last administrator's stays, and the page says why."""
    given = id_in(await request.form(), "given")
    try:
        await roles.withdraw(given, viewer_of(request))
    except LastAdministratorError:
        tell = words(language)
        reason = tell("Somebody has to administer this service. Invite another administrator first.")
        return await _overview(request, language, errors={"people": reason})
    return see(f"/{language}/administration?told=withdrawn")


async def _overview(
    request: AnyRequest, language: str, *, notice: str = "", errors: Mapping[str, str] | None = None
) -> Page:
    known = await cities.all_of_them()
    context = {
        "cities": known,
        "names": {each.id: each.name_in(language) for each in known},
        "by_slug": {each.slug: each for each in known},
        "holders": await roles.holders(),
        "invited": await invitations.to_roles(),
        "me": viewer_of(request).person,
        "notice": notice,
        "errors": errors or {},
    }
    status = HTTP_409_CONFLICT if errors else 200
    return page(request, language, "administration/show.html", context, status=status)


def _city_page(  # noqa: PLR0913 - what came back from the form
    request: AnyRequest,
    language: str,
    slug: str,
    described: Description,
    errors: Mapping[str, str] | None = None,
    *,
    is_new: bool = True,
) -> Page:
    context = {
        "slug": slug[:300],
        "described": described,
        "countries": cities.countries(language if language in NAMES else "en"),
        "errors": errors or {},
        "is_new": is_new,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "administration/city.html", context, status=status)


async def _invite_page(  # noqa: PLR0913 - what came back from the form
    request: AnyRequest,
    language: str,
    typed: Mapping[str, str],
    *,
    told: str = "",
    errors: Mapping[str, str] | None = None,
    asked: Ask | None = None,
) -> Page:
    context = {
        "cities": await choices(language),
        "duties": [kind.value for kind in RoleKind],
        "typed": typed,
        "invite": inviting.shown(language, asked),
        "errors": errors or {},
        "notice": notices(language).get(told, ""),
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "administration/invite.html", context, status=status)
