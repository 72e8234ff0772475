"""The form by which somebody is invited: what was typed, and why it came back."""

from collections.abc import Mapping
from typing import Any

from portal.accounts.invitations import MOST_PEOPLE, Ask
from portal.errors import AlreadyThereError, TooManyPeopleError, UnusableAddressError
from portal.i18n import NAMES
from portal.pages.page import AnyRequest, words
from portal.web.clients import client_of
from portal.web.sessions import viewer_of

REFUSALS = (UnusableAddressError, AlreadyThereError, TooManyPeopleError)
"""What is told at the field for the address."""


def ask_of(request: AnyRequest, form: Mapping[str, Any], language: str) -> Ask:
    """Whom the form would invite; a language that it does not offer counts as that of the page."""
    tongue = str(form.get("tongue", ""))
    chosen = tongue if tongue in NAMES else language
    return Ask(str(form.get("address", "")), chosen, viewer_of(request), client_of(request))


def shown(language: str, ask: Ask | None = None) -> dict[str, str]:
    """The form's fields, as its template fills them."""
    return {"typed": ask.typed[:300] if ask else "", "tongue": ask.language if ask else language}


def reason(error: Exception, language: str) -> str:
    """Why one of `REFUSALS` came back."""
    tell = words(language)
    match error:
        case UnusableAddressError(code="no-address"):
            return tell("Type the mail address, like anna@kahvila.fi.")
        case UnusableAddressError(code="not-an-address"):
            return tell("This does not look like a mail address. Type it like anna@kahvila.fi.")
        case UnusableAddressError():
            return tell("We cannot write to addresses with letters such as ä or ö before the @ sign. Type another one.")
        case AlreadyThereError():
            return tell("Whoever has this address is already in the list above.")
        case _:
            most = tell("There can be %(most)s people with those who are invited. Take somebody out first.")
            return most % {"most": MOST_PEOPLE}
