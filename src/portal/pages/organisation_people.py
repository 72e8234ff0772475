"""Who belongs to a firm or a startup: invited, made an owner too, taken out."""

from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts import invitations, organisations
from portal.accounts.permissions import owns
from portal.pages import inviting
from portal.pages.forms import id_in
from portal.pages.organisations import people_page
from portal.pages.page import AnyRequest, Page, see
from portal.web.guards import requires
from portal.web.sessions import viewer_of

ORGANISATION = "/{language:str}/organisation/{organisation:uuid}"


@post(f"{ORGANISATION}/invite", status_code=HTTP_303_SEE_OTHER, guards=[requires(owns)])
async def invite(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Page | Redirect:
    """Writes to whoever has that address; the answer is the same whether or not they have an account."""
    ask = inviting.ask_of(request, await request.form(), language)
    try:
        await invitations.into_organisation(await organisations.by_id(organisation), ask)
    except inviting.REFUSALS as error:
        errors = {"address": inviting.reason(error, language)}
        return await people_page(request, language, organisation, errors=errors, ask=ask)
    return _back(language, organisation, "invited")


@post(f"{ORGANISATION}/end-invitation", status_code=HTTP_303_SEE_OTHER, guards=[requires(owns)])
async def end_invitation(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Redirect:
    """Ends an invitation at once."""
    invitation = id_in(await request.form(), "invitation")
    await invitations.withdraw_from_organisation(organisation, invitation, viewer_of(request))
    return _back(language, organisation, "ended")


@post(f"{ORGANISATION}/owner", status_code=HTTP_303_SEE_OTHER, guards=[requires(owns)])
async def make_owner(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Redirect:
    """Lets somebody else decide, too."""
    await organisations.make_owner(organisation, id_in(await request.form(), "member"), viewer_of(request))
    return _back(language, organisation, "owner")


@post(f"{ORGANISATION}/remove", status_code=HTTP_303_SEE_OTHER, guards=[requires(owns)])
async def remove(request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID]) -> Redirect:
    """Takes somebody out."""
    await organisations.remove(organisation, id_in(await request.form(), "member"), viewer_of(request))
    return _back(language, organisation, "removed")


def _back(language: str, organisation: UUID, told: str) -> Redirect:
    return see(f"/{language}/organisation/{organisation}?told={told}")
