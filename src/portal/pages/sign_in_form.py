"""The form that asks for an address to sign in with, wherever somebody has to do that first."""

from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.signing_in import Wanted
from portal.errors import UnusableAddressError
from portal.pages.page import AnyRequest, Page, page, words


def form(
    request: AnyRequest, language: str, wanted: Wanted, typed: str = "", error: UnusableAddressError | None = None
) -> Page:
    """The page with the field, as it is shown first and where what was typed came back."""
    reason = _reason(error.code, language) if error is not None else ""
    context = {"wanted": wanted, "typed": typed[:300], "error": reason}
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "sign_in/ask.html", context, status=status)


def _reason(code: str, language: str) -> str:
    tell = words(language)
    return {
        "no-address": tell("Type your mail address, like anna@kahvila.fi."),
        "not-an-address": tell("This does not look like a mail address. Type it like anna@kahvila.fi."),
        "special-letters": tell(
            "We cannot write to addresses with letters such as ä or ö before the @ sign. Type another one."
        ),
    }[code]
