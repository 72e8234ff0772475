"""Everything that is kept of whoever is signed in: taken along, kept for longer, deleted."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import second_factors
from portal.accounts.permissions import signed_in
from portal.accounts.viewer import Viewer
from portal.errors import NotAllowedError, SignInTooOldError, UndecidedFirmError
from portal.mail.tables import Kind
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.privacy import deleting, exporting, keeping
from portal.web.downloads import download
from portal.web.guards import requires
from portal.web.sessions import sign_out, viewer_of

FILE_NAME = "kyberkunto.zip"


@get("/{language:str}/me/data", guards=[requires(signed_in)])
async def show(request: AnyRequest, language: FromPath[str], told: FromQuery[str] = "") -> Page:
    """What can be done with it; what goes soon."""
    viewer = viewer_of(request)
    stage, size = await exporting.stage(viewer)
    context = {
        "state": stage,
        "size_kb": max(1, size // 1000),
        "ending": await keeping.ending_soon(viewer),
        "told": told,
        "days": exporting.FETCHED_WITHIN.days,
    }
    return page(request, language, "my_data/show.html", context)


@get("/{language:str}/me/data/take", guards=[requires(signed_in)])
async def ask_to_take(request: AnyRequest, language: FromPath[str]) -> Page:
    """What the file holds, once they have shown that it is them."""
    if not await _is_sure(viewer_of(request)):
        return _again(request, language, "take")
    return page(request, language, "my_data/take.html", {})


@post("/{language:str}/me/data/take", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def take(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Has the file made."""
    viewer = viewer_of(request)
    if not await _is_sure(viewer):
        return _again(request, language, "take")
    await exporting.ask(viewer, language)
    return see(f"/{language}/me/data")


@get(f"/{{language:str}}/me/data/{FILE_NAME}", guards=[requires(signed_in)])
async def fetch(request: AnyRequest, language: FromPath[str]) -> Response[bytes] | Page | Redirect:
    """The file; where there is none (any more), the page on which it can be asked for."""
    viewer = viewer_of(request)
    if not await _is_sure(viewer):
        return _again(request, language, FILE_NAME)
    try:
        content = await exporting.fetch(viewer)
    except NotAllowedError:
        return see(f"/{language}/me/data")
    return download(content, "application/zip", FILE_NAME, FILE_NAME)


@post("/{language:str}/me/data/keep", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def keep(request: AnyRequest, language: FromPath[str]) -> Redirect:
    """Keeps answers or a check of a firm of theirs for another year."""
    form = await request.form()
    await keeping.keep_another_year(viewer_of(request), id_in(form, "of"))
    return see(f"/{language}/me/data?told=kept")


@get("/{language:str}/me/data/delete", guards=[requires(signed_in)])
async def ask_to_delete(request: AnyRequest, language: FromPath[str]) -> Page:
    """What would go, and what others keep."""
    viewer = viewer_of(request)
    if not await _is_sure(viewer):
        return _again(request, language, "delete")
    return await _deleting(request, language, {})


@post("/{language:str}/me/data/delete", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def delete(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Deletes everything of theirs, with the firms that they chose."""
    viewer, tell = viewer_of(request), words(language)
    form = await request.form()
    if not await _is_sure(viewer):
        return _again(request, language, "delete")
    if form.get("sure") != "yes":
        reason = tell("Tick that you want everything to be deleted. Nothing was deleted.")
        return await _deleting(request, language, {"sure": reason})
    doomed = {_uuid(str(each)) for each in form.getall("firm", [])} - {None}
    try:
        await deleting.delete_person(_person(viewer), {each for each in doomed if each}, kind=Kind.ACCOUNT_DELETED)
    except UndecidedFirmError:
        reason = tell("Say what becomes of each firm in which others are. Nothing was deleted.")
        return await _deleting(request, language, {"firm-1": reason})
    sign_out(request)
    return see(f"/{language}/data?told=deleted")


async def _deleting(request: AnyRequest, language: str, errors: dict[str, str]) -> Page:
    outlook = await deleting.outlook(_person(viewer_of(request)))
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    context: dict[str, Any] = {"outlook": outlook, "errors": errors}
    return page(request, language, "my_data/delete.html", context, status=status)


async def _is_sure(viewer: Viewer) -> bool:
    """Whether it is them: their second factor, or for who has none a sign-in just now. Raises SecondStepNeededError."""
    try:
        second_factors.require_may_add(viewer, await second_factors.of(_person(viewer)))
    except SignInTooOldError:
        return False
    return True


def _again(request: AnyRequest, language: str, last: str) -> Page:
    onward = f"/{language}/me/data/{last}"
    return page(request, language, "my_data/again.html", {"onward": onward})


def _person(viewer: Viewer) -> UUID:
    assert viewer.person is not None  # noqa: S101 - the guard saw to it
    return viewer.person


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
