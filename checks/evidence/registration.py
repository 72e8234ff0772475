"""What the registry says about the domain's registration."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks.contract import Outcome
from checks.records.rdap import RdapDomain


class Register(StrEnum):
    """How asking the registry ended. `SUBDOMAIN`: the name is only a part of a registered one, and was not asked for.

    `SILENT`: the registry has no public service that we know, or one without the date. `UNSEEN`: no answer was had.
    """

    FOUND = "found"
    NOT_FOUND = "not-found"
    SILENT = "silent"
    SUBDOMAIN = "subdomain"
    UNSEEN = "unseen"


class Registration(Struct, frozen=True):
    """The registration of a domain of two labels (RFC 9083, section 5.3); `reason` is there where it is UNSEEN.

    `seen_at` is aware UTC: the time by which its end is judged.
    """

    register: Register
    seen_at: datetime
    domain: RdapDomain | None = None
    reason: Outcome | None = None
