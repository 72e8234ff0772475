"""What somebody is asked: to join an organisation, or to take a task. They say yes or no."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts import invitations
from portal.accounts.invitations import Offer
from portal.accounts.permissions import signed_in
from portal.accounts.tables import RoleKind
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/me/invitations", guards=[requires(signed_in)])
async def show(request: AnyRequest, language: FromPath[str], told: FromQuery[str] = "") -> Page:
    """All that wait for whoever is signed in."""
    tell = words(language)
    notice = tell("You said no. The invitation is gone.") if told == "no" else ""
    context = {"offers": await invitations.waiting_for(viewer_of(request)), "notice": notice}
    return page(request, language, "invitations/mine.html", context)


@post("/{language:str}/me/invitations", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def answer(request: AnyRequest, language: FromPath[str]) -> Redirect:
    """Takes the yes or the no; after a yes the way leads to where they belong now."""
    form = await request.form()
    invitation = id_in(form, "invitation")
    if form.get("do") != "yes":
        await invitations.decline(invitation, viewer_of(request))
        return see(f"/{language}/me/invitations?told=no")
    return see(f"/{language}/{_onward(await invitations.accept(invitation, viewer_of(request)))}")


def _onward(offer: Offer) -> str:
    if offer.organisation is not None:
        return f"organisation/{offer.organisation.id}?told=joined"
    if offer.role is RoleKind.ORGANISER and offer.city is not None:
        return f"city/{offer.city.slug}/manage"
    return "administration" if offer.role is RoleKind.ADMINISTRATOR else "me"
