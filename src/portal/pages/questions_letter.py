"""The link of a sheet, sent by mail: the form, and what is said whether or not the address exists."""

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal import settings
from portal.accounts.permissions import knows_address
from portal.assessments.sheets import letters, storage
from portal.assessments.sheets.storage import KeptSheet
from portal.errors import UnusableAddressError
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/q/{token:str}/letter", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], sent: FromQuery[str] = "") -> Page:
    """The field for an address; right after it was sent (`sent`), what happens now."""
    _require_of_use(await storage.by_token(token, viewer_of(request)))
    if sent:
        return page(request, language, "questions/letter_sent.html", {"token": token})
    return _page(request, language, token)


@post("/{language:str}/q/{token:str}/letter", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def send(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Sends the link; what is no address comes back to the field with a reason."""
    kept = await storage.by_token(token, viewer_of(request))
    _require_of_use(kept)
    typed = str((await request.form()).get("address", ""))
    try:
        await letters.send_link(kept.row, language, typed, client_of(request))
    except UnusableAddressError as error:
        return _page(request, language, token, typed, _reason(error.code, language))
    return see(f"/{language}/q/{token}/letter?sent=yes")


def _require_of_use(kept: KeptSheet) -> None:
    """Raises NotFoundException where this installation sends no letters, or the link alone opens nothing."""
    if not settings.current().sends_letters or kept.row.firm is not None:
        raise NotFoundException


def _reason(code: str, language: str) -> str:
    tell = words(language)
    return {
        "no-address": tell("Type your mail address, like anna@kahvila.fi."),
        "not-an-address": tell("This does not look like a mail address. Type it like anna@kahvila.fi."),
        "special-letters": tell(
            "We cannot write to addresses with letters such as ä or ö before the @ sign. Type another one, or copy the "
            "link."
        ),
    }[code]


def _page(request: AnyRequest, language: str, token: str, typed: str = "", error: str = "") -> Page:
    context = {"token": token, "typed": typed[:300], "error": error}
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "questions/letter.html", context, status=status)
