"""A firm or a startup of its people: made, looked at, renamed, left, deleted."""

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import invitations, organisations
from portal.accounts.invitations import Ask
from portal.accounts.names import parse_name
from portal.accounts.permissions import belongs, owns, signed_in
from portal.accounts.tables import OrganisationKind
from portal.errors import LastOwnerError, UnusableNameError
from portal.pages import entry_list, inviting
from portal.pages.forms import name_reason
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.privacy import deleting
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/organisation", guards=[requires(signed_in)])
async def new(request: AnyRequest, language: FromPath[str], kind: FromQuery[str] = "") -> Page:
    """The form that makes a firm or a startup; `kind`: which one the way here meant."""
    return _new_page(request, language, {"kind": kind, "name": ""})


@post("/{language:str}/organisation", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def make(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Makes it; whoever does owns it."""
    form = await request.form()
    typed = {field: str(form.get(field, "")) for field in ("kind", "name")}
    viewer, tell = viewer_of(request), words(language)
    errors = {}
    if typed["kind"] not in set(OrganisationKind):
        errors["kind"] = tell("Choose what it is.")
    try:
        parse_name(typed["name"])
    except UnusableNameError as error:
        errors["name"] = name_reason(error.code, language)
    if errors or viewer.person is None:
        return _new_page(request, language, typed, errors)
    made = await organisations.make(OrganisationKind(typed["kind"]), typed["name"], viewer.person, viewer.pseudonym)
    return see(f"/{language}/organisation/{made.id}?told=made")


@get("/{language:str}/organisation/{organisation:uuid}", guards=[requires(belongs)])
async def show(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], told: FromQuery[str] = ""
) -> Page:
    """Its people, and what whoever asks may do. `told`: what they did just now."""
    return await people_page(request, language, organisation, told=told)


@post(
    "/{language:str}/organisation/{organisation:uuid}/rename", status_code=HTTP_303_SEE_OTHER, guards=[requires(owns)]
)
async def rename(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Page | Redirect:
    """Gives it another name."""
    typed = str((await request.form()).get("name", ""))
    try:
        await organisations.rename(organisation, typed, viewer_of(request))
    except UnusableNameError as error:
        errors = {"name": name_reason(error.code, language)}
        return await people_page(request, language, organisation, errors=errors, name=typed)
    return see(f"/{language}/organisation/{organisation}?told=renamed")


@post(
    "/{language:str}/organisation/{organisation:uuid}/leave", status_code=HTTP_303_SEE_OTHER, guards=[requires(belongs)]
)
async def leave(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Page | Redirect:
    """Takes whoever asks out of it; the last who decides stays, and is told why."""
    try:
        await organisations.leave(organisation, viewer_of(request))
    except LastOwnerError:
        tell = words(language)
        reason = tell("You are its only owner. Make somebody else an owner first, or delete it.")
        return await people_page(request, language, organisation, errors={"leave": reason}, status=HTTP_409_CONFLICT)
    return see(f"/{language}/me")


@get("/{language:str}/organisation/{organisation:uuid}/delete", guards=[requires(owns)])
async def ask_to_delete(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Page:
    """What would be gone, and the field for its name."""
    row = await organisations.by_id(organisation)
    return page(request, language, "organisations/delete.html", {"organisation": row, "errors": {}})


@post(
    "/{language:str}/organisation/{organisation:uuid}/delete", status_code=HTTP_303_SEE_OTHER, guards=[requires(owns)]
)
async def delete(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Page | Redirect:
    """Deletes it with everything, where its name was typed."""
    row = await organisations.by_id(organisation)
    typed = str((await request.form()).get("name", ""))
    if " ".join(typed.split()).casefold() != row.name.casefold():
        tell = words(language)
        reason = tell("Type the name as it stands above. Nothing was deleted.")
        context = {"organisation": row, "errors": {"name": reason}}
        return page(request, language, "organisations/delete.html", context, status=HTTP_422_UNPROCESSABLE_ENTITY)
    await deleting.delete_organisation(organisation, viewer_of(request))
    return see(f"/{language}/me")


async def people_page(  # noqa: PLR0913 - what came back from one of the page's forms
    request: AnyRequest,
    language: str,
    organisation: UUID,
    *,
    told: str = "",
    errors: Mapping[str, str] | None = None,
    ask: Ask | None = None,
    name: str = "",
    status: int = HTTP_422_UNPROCESSABLE_ENTITY,
) -> Page:
    """The organisation's page; `errors`: by field, why a form of it came back, with what was typed there."""
    row = await organisations.by_id(organisation)
    people = await organisations.people_of(organisation)
    viewer = viewer_of(request)
    owners = [each for each in people if each.is_owner]
    context = {
        "organisation": row,
        "people": people,
        "entries": await entry_list.listed([organisation], language),
        "invited": await invitations.into(organisation),
        "me": viewer.person,
        "is_owner": organisation in viewer.owns,
        "is_only_owner": [each.person for each in owners] == [viewer.person],
        "errors": errors or {},
        "name": name[:300] or row.name,
        "invite": inviting.shown(language, ask),
        "notice": _notices(language).get(told, ""),
    }
    return page(request, language, "organisations/show.html", context, status=status if errors else 200)


def _new_page(
    request: AnyRequest, language: str, typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Page:
    context = {"kind": typed["kind"], "name": typed["name"][:300], "errors": errors or {}}
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "organisations/new.html", context, status=status)


def _notices(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "made": tell("It is made. Now you can invite others."),
        "joined": tell("You belong to it now."),
        "renamed": tell("The name is changed."),
        "invited": tell("The letter is on its way. Whoever reads it signs in with that address and says yes or no."),
        "ended": tell("The invitation is ended."),
        "owner": tell("They are an owner now, too."),
        "removed": tell("They no longer belong to it."),
    }
