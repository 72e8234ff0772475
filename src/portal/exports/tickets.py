"""Addresses of calendars to subscribe to. They show the dates and nothing else: a calendar's keeper is somebody else.

A ticket names a sheet or a check and carries a code made with the installation's secret, so that it opens nothing but
these dates, and need not be kept. It cannot be taken back by itself: it ends with its sheet or check.
"""

import base64
import hashlib
import hmac
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from portal import settings
from portal.errors import CalendarNotFoundError

_CODE_BYTES = 24
"""192 bits, as in the addresses themselves."""
_ID_LETTERS = 32


class Whose(StrEnum):
    """What a calendar is made of."""

    CHECK = "c"
    SHEET = "s"


class Ticket(Struct, frozen=True):
    """`id`: of the check or the sheet."""

    whose: Whose
    id: UUID

    def text(self) -> str:
        """The last part of the calendar's address."""
        named = f"{self.whose.value}{self.id.hex}"
        return f"{named}{_code(named)}"


def read_ticket(text: str) -> Ticket:
    """The ticket whose text that is. Raises CalendarNotFoundError for anything that we did not give out."""
    named, code = text[: 1 + _ID_LETTERS], text[1 + _ID_LETTERS :]
    if not hmac.compare_digest(_code(named).encode(), code.encode(errors="replace")):
        raise CalendarNotFoundError
    return Ticket(Whose(named[0]), UUID(hex=named[1:]))


def _code(named: str) -> str:
    secret = settings.current().secret.encode()
    whole = hmac.new(secret, f"calendar:{named}".encode(errors="replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(whole[:_CODE_BYTES]).decode()
