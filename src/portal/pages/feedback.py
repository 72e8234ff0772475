"""Something got in somebody's way: they say so, without an account, and the operator gets to read it."""

from collections.abc import Mapping

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.permissions import anyone
from portal.errors import UnusableAddressError
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.privacy import feedback
from portal.web.clients import client_of
from portal.web.guards import requires

FIELDS = ("place", "message", "reply_to")


@get("/{language:str}/accessibility/feedback", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], told: FromQuery[str] = "") -> Page:
    """The form; after it was sent, what happens now."""
    return _form(request, language, {}, {}, told=told)


@post("/{language:str}/accessibility/feedback", status_code=HTTP_303_SEE_OTHER, guards=[requires(anyone)])
async def send(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Keeps what was written; an empty message, or an address that is none, comes back."""
    fields = await request.form()
    form = {name: str(fields.get(name, "")) for name in FIELDS}
    tell = words(language)
    if not form["message"].strip():
        return _form(request, language, form, {"message": tell("Write in a few words what got in your way.")})
    if len(form["message"]) > feedback.LONGEST:
        return _form(request, language, form, {"message": tell("The text is too long: at most 2,000 characters.")})
    try:
        await feedback.tell(language, form["place"], form["message"], form["reply_to"], client_of(request))
    except UnusableAddressError:
        reason = tell("Type a mail address, such as anna@example.fi, or leave the field empty.")
        return _form(request, language, form, {"reply_to": reason})
    return see(f"/{language}/accessibility/feedback?told=sent")


def _form(
    request: AnyRequest, language: str, form: Mapping[str, str], errors: Mapping[str, str], told: str = ""
) -> Page:
    typed = {name: form.get(name, "") for name in FIELDS}
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(
        request, language, "feedback/form.html", {"typed": typed, "errors": errors, "told": told}, status=status
    )
