"""The second step: whoever is signed in by the mailed link shows something that they have, and goes on."""

from collections.abc import Awaitable
from urllib.parse import quote

from litestar import MediaType, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import passkeys, second_factors
from portal.accounts.passkeys import Site
from portal.accounts.permissions import signed_in
from portal.accounts.second_factors import Factors
from portal.accounts.viewer import Viewer
from portal.errors import FactorNotFoundError, PasskeyRefusedError, WrongCodeError
from portal.pages.page import AnyRequest, Page, onward, page, see, words
from portal.web.guards import requires
from portal.web.passkey_site import passkey_site
from portal.web.sessions import step_up, viewer_of


@get("/{language:str}/me/second-step", guards=[requires(signed_in)])
async def show(request: AnyRequest, language: FromPath[str], next: FromQuery[str] = "") -> Page | Redirect:  # noqa: A002 - as it stands in the address
    """What they have, to show it; who has nothing yet sets it up, straight after signing in."""
    viewer = viewer_of(request)
    factors = await _of(viewer)
    wanted = onward(next, "")
    if factors.count:
        shown_already = viewer.stepped_up
        return see(wanted or f"/{language}/me") if shown_already else _page(request, language, factors, wanted)
    back = f"/{language}/me/second-step" + (f"?next={quote(wanted)}" if wanted else "")
    context = {"wanted": wanted, "offers_passkeys": passkey_site(request) is not None, "sign_in_next": back}
    template = "first" if viewer.fresh or viewer.stepped_up else "sign_in_again"
    return page(request, language, f"second_factors/{template}.html", context)


@post("/{language:str}/me/second-step", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def code(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """A code of their app."""
    typed = str((await request.form()).get("code", ""))
    tell = words(language)
    slip = tell("This code does not fit. Type the six digits that the app shows now; each code works once.")
    return await _take(request, language, second_factors.show_code(viewer_of(request), typed), {"code": slip})


@post("/{language:str}/me/second-step/recovery", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def recovery(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """One of the recovery codes, which it uses up."""
    typed = str((await request.form()).get("recovery", ""))
    tell = words(language)
    slip = tell("This is none of your recovery codes, or it was used before. Each works once.")
    shown = second_factors.show_recovery_code(viewer_of(request), typed)
    return await _take(request, language, shown, {"recovery": slip})


@post("/{language:str}/me/second-step/passkey/ask", status_code=HTTP_200_OK, guards=[requires(signed_in)])
async def ask(request: AnyRequest, language: FromPath[str]) -> Response[str]:  # noqa: ARG001 - it is checked before
    """What the browser is to sign with one of their passkeys, for our script."""
    viewer = viewer_of(request)
    site = required_site(request)
    asked = await passkeys.ask_for_step(second_factors.person_of(viewer), second_factors.session_of(viewer), site)
    return Response(asked, media_type=MediaType.JSON)


@post("/{language:str}/me/second-step/passkey", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def passkey(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """What one of their passkeys signed."""
    answer = str((await request.form()).get("answer", ""))
    tell = words(language)
    slip = tell("The passkey did not work. Try again, or use another way.")
    shown = second_factors.show_passkey(viewer_of(request), required_site(request), answer)
    return await _take(request, language, shown, {"use-passkey": slip})


def required_site(request: AnyRequest) -> Site:
    """The site of passkeys. Raises FactorNotFoundError where browsers make none here."""
    site = passkey_site(request)
    if site is None:
        raise FactorNotFoundError
    return site


async def _take(request: AnyRequest, language: str, shown: Awaitable[None], slip: dict[str, str]) -> Page | Redirect:
    """Goes on where they wanted to, or says what is wrong. `slip`: by the field's id."""
    wanted = onward(str((await request.form()).get("next", "")), "")
    try:
        await shown
    except (WrongCodeError, PasskeyRefusedError):
        return _page(request, language, await _of(viewer_of(request)), wanted, slip)
    step_up(request)
    return see(wanted or f"/{language}/me")


async def _of(viewer: Viewer) -> Factors:
    return await second_factors.of(second_factors.person_of(viewer))


def _page(
    request: AnyRequest, language: str, factors: Factors, wanted: str, slip: dict[str, str] | None = None
) -> Page:
    context = {
        "factors": factors,
        "wanted": wanted,
        "slip": slip or {},
        "offers_passkeys": bool(factors.passkeys) and passkey_site(request) is not None,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if slip else HTTP_200_OK
    return page(request, language, "second_factors/step.html", context, status=status)
