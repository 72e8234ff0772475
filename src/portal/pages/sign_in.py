"""Signing in: an address, a letter, and the link in it, which its reader spends with a button."""

from urllib.parse import quote

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_404_NOT_FOUND

from portal import settings
from portal.accounts import signing_in
from portal.accounts.permissions import anyone, knows_link
from portal.accounts.signing_in import Wanted
from portal.assessments.claiming import Kept
from portal.errors import LinkNotFoundError, UnusableAddressError
from portal.pages import keeping
from portal.pages.page import AnyRequest, Page, onward, page, see
from portal.pages.sign_in_form import form
from portal.web import sessions
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/sign-in", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """The field for an address. Whoever is signed in goes on, but for those who are to sign in once more for a page."""
    wanted = Wanted(onward=onward(str(request.query_params.get("next", "")), ""))
    viewer = viewer_of(request)
    if viewer.person is not None and (viewer.fresh or not wanted.onward):
        return see(wanted.onward or f"/{language}/me")
    return form(request, language, wanted)


@post("/{language:str}/sign-in", status_code=HTTP_303_SEE_OTHER, guards=[requires(anyone)])
async def ask(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Sends the letter. What is answered is the same whoever has the address; what is none comes back to its field."""
    fields = await request.form()
    typed = str(fields.get("address", ""))
    kept = Kept.parse(str(fields.get("keep", "")))
    wanted = Wanted(onward=onward(str(fields.get("next", "")), ""), keep=str(kept) if kept is not None else "")
    if not settings.current().sends_letters:
        return form(request, language, wanted)
    try:
        await signing_in.ask(typed, language, wanted, client_of(request))
    except UnusableAddressError as error:
        return form(request, language, wanted, typed, error)
    return see(f"/{language}/sign-in/sent")


@get("/{language:str}/sign-in/sent", guards=[requires(anyone)])
async def sent(request: AnyRequest, language: FromPath[str]) -> Page:
    """What happens now."""
    return page(request, language, "sign_in/sent.html", {})


@get("/{language:str}/sign-in/{token:str}", guards=[requires(knows_link)])
async def offer(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """For whom the link is, and its button. Opening the page spends nothing: mail programs look links up."""
    try:
        offered = await signing_in.offered(token)
    except LinkNotFoundError:
        return _over(request, language)
    local, _, domain = offered.address.rpartition("@")
    context = {"token": token, "start": local[:1], "domain": domain, "keeps": bool(offered.wanted.keep)}
    return page(request, language, "sign_in/link.html", context)


@post("/{language:str}/sign-in/{token:str}", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_link)])
async def spend(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Signs the reader in, in a session of their own, and keeps what they wanted kept."""
    try:
        spent = await signing_in.spend(token)
    except LinkNotFoundError:
        return _over(request, language)
    sessions.sign_in(request, spent.person)
    on = await keeping.at_sign_in(spent, language)
    return see(f"/{language}/me/second-step?next={quote(on)}" if spent.has_role else on)


def _over(request: AnyRequest, language: str) -> Page:
    """One page for a link that was spent, that is too old, or that never was."""
    return page(request, language, "sign_in/over.html", {}, status=HTTP_404_NOT_FOUND)
