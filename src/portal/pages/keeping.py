"""Keeping a check or a sheet in an account: who is not signed in does so first, and then it is kept."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from checks.names import display_name
from portal.accounts import organisations, people
from portal.accounts.names import LONGEST
from portal.accounts.permissions import knows_address, signed_in
from portal.accounts.signing_in import Spent, Wanted
from portal.accounts.tables import Organisation, OrganisationKind
from portal.accounts.viewer import Viewer
from portal.assessments import claiming
from portal.assessments.claiming import Kept, Kind, Standing
from portal.errors import AssessmentNotFoundError, NotAllowedError, SheetNotFoundError, UnusableNameError
from portal.pages.forms import name_reason
from portal.pages.page import AnyRequest, Page, language_of, page, see, words
from portal.pages.sign_in_form import form
from portal.privacy import deleting
from portal.web.guards import requires
from portal.web.sessions import viewer_of

NEW = "new"
"""What the form says in a firm's place where it is to be a new one."""


@get("/{language:str}/a/{token:str}/keep", guards=[requires(knows_address)])
async def show_check(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """What changes when the check is kept, and in which firm."""
    return await _show(request, language, Kept(Kind.CHECK, token))


@get("/{language:str}/q/{token:str}/keep", guards=[requires(knows_address)])
async def show_sheet(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """The same of a sheet."""
    return await _show(request, language, Kept(Kind.SHEET, token))


@post("/{language:str}/a/{token:str}/keep", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def keep_check(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Keeps the check in the chosen firm."""
    return await _keep(request, language, Kept(Kind.CHECK, token))


@post("/{language:str}/q/{token:str}/keep", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def keep_sheet(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Keeps the sheet in the chosen firm, with its domains' newest checks."""
    return await _keep(request, language, Kept(Kind.SHEET, token))


async def at_sign_in(spent: Spent, language: str) -> str:
    """Where whoever just signed in goes on to, once what they wanted kept is kept.

    Whoever has no firm yet gets one, named by the domain; whoever has any says first which one it is to be.
    """
    kept = Kept.parse(spent.wanted.keep)
    if kept is None:
        return spent.wanted.onward or f"/{language}/me"
    if await people.organisations_of(spent.person, OrganisationKind.FIRM):
        return f"/{language}/{kept}/keep"
    viewer = Viewer(person=spent.person, pseudonym=spent.pseudonym)
    try:
        standing = await claiming.standing(kept, viewer)
        await _claim_for_new(kept, _name(standing, language), viewer)
    except (AssessmentNotFoundError, SheetNotFoundError):
        return f"/{language}/me"  # somebody else kept it meanwhile
    return f"/{language}/{kept}?told=kept"


async def _show(request: AnyRequest, language: str, kept: Kept) -> Page | Redirect:
    viewer = viewer_of(request)
    standing = await claiming.standing(kept, viewer)
    if viewer.person is None:
        return form(request, language, Wanted(keep=str(kept)))
    if standing.firm is not None:
        return see(f"/{language}/{kept}")
    firms = await people.organisations_of(viewer.person, OrganisationKind.FIRM)
    return _form(request, kept, firms, {"name": "" if firms else _name(standing, language)})


async def _keep(request: AnyRequest, language: str, kept: Kept) -> Page | Redirect:
    viewer = viewer_of(request)
    assert viewer.person is not None  # noqa: S101 - the guard saw to it
    standing = await claiming.standing(kept, viewer)
    if standing.firm is not None:  # sent twice
        return see(f"/{language}/{kept}")
    fields = await request.form()
    firms = await people.organisations_of(viewer.person, OrganisationKind.FIRM)
    typed = {"firm": str(fields.get("firm", "" if firms else NEW)), "name": str(fields.get("name", ""))}
    if not typed["firm"]:
        error = {"firm": words(language)("Choose the firm, or a new one.")}
        return _form(request, kept, firms, typed, error)
    if typed["firm"] != NEW:
        await claiming.claim(kept, _chosen(typed["firm"], firms), viewer)
    else:
        try:
            await _claim_for_new(kept, typed["name"], viewer)
        except UnusableNameError as error:
            return _form(request, kept, firms, typed, {"name": name_reason(error.code, language)})
    return see(f"/{language}/{kept}?told=kept")


def _chosen(text: str, firms: Sequence[Organisation]) -> UUID:
    """Raises NotAllowedError where that is none of theirs."""
    found = next((each.id for each in firms if str(each.id) == text), None)
    if found is None:
        raise NotAllowedError
    return UUID(str(found))


async def _claim_for_new(kept: Kept, name: str, viewer: Viewer) -> None:
    """Keeps it in a firm that is made for it, and that does not stay where somebody else was faster."""
    assert viewer.person is not None  # noqa: S101 - whoever claims is signed in
    firm = await organisations.make(OrganisationKind.FIRM, name, viewer.person, viewer.pseudonym)
    try:
        await claiming.claim(kept, firm.id, viewer)
    except (AssessmentNotFoundError, SheetNotFoundError):
        await deleting.delete_organisation(firm.id, viewer)
        raise


def _name(standing: Standing, language: str) -> str:
    """What a firm is called until its people call it otherwise."""
    return display_name(standing.domain)[:LONGEST] if standing.domain else words(language)("My firm")


def _form(
    request: AnyRequest,
    kept: Kept,
    firms: Sequence[Organisation],
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
) -> Page:
    context: dict[str, Any] = {
        "kept": kept,
        "is_sheet": kept.kind is Kind.SHEET,
        "firms": [{"id": str(each.id), "name": each.name} for each in firms],
        "chosen": typed.get("firm", str(firms[0].id) if len(firms) == 1 else ""),
        "name": typed["name"][:300],
        "errors": errors or {},
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language_of(request), "keeping/keep.html", context, status=status)
