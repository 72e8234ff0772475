"""What somebody has as a second step: the list, and how one is added and removed."""

import base64
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import MediaType, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import devices, passkeys, second_factors, totp
from portal.accounts.permissions import signed_in, stepped_up
from portal.accounts.viewer import Viewer
from portal.errors import FactorNotFoundError, LastFactorError, PasskeyRefusedError, WrongCodeError
from portal.pages.page import AnyRequest, Page, onward, page, see, words
from portal.pages.second_step import required_site
from portal.web.guards import requires
from portal.web.passkey_site import passkey_site
from portal.web.sessions import step_up, viewer_of

NEW_APP = "new_app"
"""The secret of an app that no code was typed of yet, in the session's data: sealed, as it will be kept."""


@get("/{language:str}/me/second-factors", guards=[requires(signed_in)])
async def show(request: AnyRequest, language: FromPath[str], done: FromQuery[str] = "") -> Page:
    """What they have; right after a change (`done`), what changed."""
    tell = words(language)
    notices = {"added": tell("Added."), "removed": tell("Removed.")}
    return await _list(request, language, notice=notices.get(done, ""))


@get("/{language:str}/me/second-factors/app", guards=[requires(signed_in)])
async def show_app(request: AnyRequest, language: FromPath[str], next: FromQuery[str] = "") -> Page:  # noqa: A002 - as it stands in the address
    """The picture by which an app learns its secret."""
    await _require_may_add(viewer_of(request))
    return await _app(request, language, onward(next, ""))


@post("/{language:str}/me/second-factors/app", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def add_app(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Takes the app, shown by its first code."""
    viewer, form = viewer_of(request), await request.form()
    secret, wanted = _new_secret(request, viewer), onward(str(form.get("next", "")), "")
    first = not await _count(viewer)
    try:
        await second_factors.add_app(viewer, secret, str(form.get("code", "")))
    except WrongCodeError:
        tell = words(language)
        slip = tell("This code does not fit. Wait for the app's next code and type that one.")
        return await _app(request, language, wanted, slip)
    request.session.pop(NEW_APP)
    return _added(request, language, wanted, first=first)


@get("/{language:str}/me/second-factors/passkey", guards=[requires(signed_in)])
async def show_passkey(request: AnyRequest, language: FromPath[str], next: FromQuery[str] = "") -> Page:  # noqa: A002 - as it stands in the address
    """How a passkey is made."""
    await _require_may_add(viewer_of(request))
    return _passkey(request, language, onward(next, ""))


@post("/{language:str}/me/second-factors/passkey/ask", status_code=HTTP_200_OK, guards=[requires(signed_in)])
async def ask_passkey(request: AnyRequest, language: FromPath[str]) -> Response[str]:  # noqa: ARG001 - it is checked before
    """What the browser is to make a passkey of, for our script."""
    viewer, site = viewer_of(request), required_site(request)
    await _require_may_add(viewer)
    person = await second_factors.account_of(viewer)
    asked = await passkeys.ask_for_new(person, second_factors.session_of(viewer), site)
    return Response(asked, media_type=MediaType.JSON)


@post("/{language:str}/me/second-factors/passkey", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def add_passkey(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Takes the passkey that the browser made."""
    viewer, form = viewer_of(request), await request.form()
    wanted, name = onward(str(form.get("next", "")), ""), str(form.get("name", ""))
    first = not await _count(viewer)
    try:
        await second_factors.add_passkey(viewer, required_site(request), str(form.get("answer", "")), name)
    except PasskeyRefusedError:
        tell = words(language)
        slip = tell("The passkey could not be added. Try again, or choose another way.")
        return _passkey(request, language, wanted, slip)
    return _added(request, language, wanted, first=first)


@post("/{language:str}/me/second-factors/remove", status_code=HTTP_303_SEE_OTHER, guards=[requires(stepped_up)])
async def remove(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Removes the app or one passkey; the last one only from who has no task that needs it."""
    viewer, form = viewer_of(request), await request.form()
    try:
        if passkey := str(form.get("passkey", "")):
            await second_factors.remove_passkey(viewer, _uuid(passkey))
        else:
            await second_factors.remove_app(viewer)
    except LastFactorError:
        return await _list(request, language, refused=True)
    return see(f"/{language}/me/second-factors?done=removed")


@get("/{language:str}/me/second-factors/codes", guards=[requires(signed_in)])
async def show_codes(request: AnyRequest, language: FromPath[str], next: FromQuery[str] = "") -> Page:  # noqa: A002 - as it stands in the address
    """What recovery codes are for, and how many are left."""
    factors = await second_factors.of(second_factors.person_of(viewer_of(request)))
    if not factors.count:
        raise FactorNotFoundError
    context = {"left": factors.codes_left, "wanted": onward(next, "")}
    return page(request, language, "second_factors/codes.html", context)


@post("/{language:str}/me/second-factors/codes", status_code=HTTP_200_OK, guards=[requires(stepped_up)])
async def make_codes(request: AnyRequest, language: FromPath[str]) -> Page:
    """Ten new codes. They stand in this answer alone, so it is a page and leads nowhere else."""
    wanted = onward(str((await request.form()).get("next", "")), "")
    codes = await second_factors.renew_codes(viewer_of(request))
    return page(request, language, "second_factors/codes_shown.html", {"codes": codes, "wanted": wanted})


async def _list(request: AnyRequest, language: str, *, notice: str = "", refused: bool = False) -> Page:
    viewer = viewer_of(request)
    context = {
        "factors": await second_factors.of(second_factors.person_of(viewer)),
        "may_change": viewer.stepped_up,
        "needs_one": viewer.has_role,
        "offers_passkeys": passkey_site(request) is not None,
        "notice": notice,
        "refused": refused,
    }
    status = HTTP_409_CONFLICT if refused else HTTP_200_OK
    return page(request, language, "second_factors/list.html", context, status=status)


async def _app(request: AnyRequest, language: str, wanted: str, slip: str = "") -> Page:
    viewer = viewer_of(request)
    person = await second_factors.account_of(viewer)
    secret = _new_secret(request, viewer)
    address = totp.address_for_app(secret, person.address)
    context = {
        "picture": totp.picture(address),
        "address": address,
        "secret": secret,
        "parts": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "wanted": wanted,
        "slip": slip,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if slip else HTTP_200_OK
    return page(request, language, "second_factors/app.html", context, status=status)


def _passkey(request: AnyRequest, language: str, wanted: str, slip: str = "") -> Page:
    context: dict[str, Any] = {
        "offers_passkeys": passkey_site(request) is not None,
        "device": devices.named(request.headers.get("user-agent", "")),
        "wanted": wanted,
        "slip": slip,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if slip else HTTP_200_OK
    return page(request, language, "second_factors/passkey.html", context, status=status)


def _new_secret(request: AnyRequest, viewer: Viewer) -> str:
    """The secret that this browser is setting up, made where there is none: it stays the same when the page reloads."""
    me = second_factors.person_of(viewer)
    kept = base64.b64decode(request.session.get(NEW_APP, ""))
    if kept and (secret := totp.unsealed(kept, me)) is not None:
        return secret
    secret = totp.new_secret()
    request.session[NEW_APP] = base64.b64encode(totp.sealed(secret, me)).decode()
    return secret


def _added(request: AnyRequest, language: str, wanted: str, *, first: bool) -> Redirect:
    """To the recovery codes after the first one. Whoever added it just showed it: that is the second step."""
    step_up(request)
    if first:
        return see(f"/{language}/me/second-factors/codes" + (f"?next={quote(wanted)}" if wanted else ""))
    return see(f"/{language}/me/second-factors?done=added")


async def _require_may_add(viewer: Viewer) -> None:
    second_factors.require_may_add(viewer, await second_factors.of(second_factors.person_of(viewer)))


async def _count(viewer: Viewer) -> int:
    return (await second_factors.of(second_factors.person_of(viewer))).count


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise FactorNotFoundError from None
