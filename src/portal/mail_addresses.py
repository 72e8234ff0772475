"""Mail addresses as people type them, made into the one form that we write to, and what stands for one of them."""

import hashlib
import hmac
import re
import unicodedata

from checks.errors import UnusableDomainError
from checks.names import parse_domain
from portal.errors import UnusableAddressError

LONGEST = 254
"""Octets of an address (RFC 5321, section 4.5.3.1.3, without the angle brackets)."""
LONGEST_LOCAL = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_NO_HOST = re.compile(r"[/:?#\[\]@\s]")


def parse_mail_address(typed: str) -> str:
    """The address with its domain as A-labels in lower case; what stands before the @ stays as it is.

    Takes the plain form (RFC 5322's dot-atom) only: no quotes, no comments, no names in front. Nothing that it
    returns can end a header or a command of SMTP.

    Raises:
        UnusableAddressError: `no-address`, `not-an-address`, or `special-letters` where the part before the @ needs
            SMTPUTF8 (RFC 6531), which few mail servers take.
    """
    text = typed.strip()
    if not text:
        raise UnusableAddressError("no-address")
    local, at, domain = text.rpartition("@")
    if len(text) > LONGEST or not at or len(local) > LONGEST_LOCAL or _NO_HOST.search(domain):
        raise UnusableAddressError("not-an-address")
    if not _LOCAL.fullmatch(local):
        latin = "".join("a" if unicodedata.category(sign)[0] in "LM" else sign for sign in local)
        raise UnusableAddressError("special-letters" if _LOCAL.fullmatch(latin) else "not-an-address")
    try:
        address = f"{local}@{parse_domain(domain)}"
    except UnusableDomainError:
        raise UnusableAddressError("not-an-address") from None
    if len(address) > LONGEST:
        raise UnusableAddressError("not-an-address")
    return address


def pseudonym(address: str) -> str:
    """What stands in the address's place where it is counted or looked for, so that it need not be kept itself."""
    from portal import settings  # noqa: PLC0415 - settings read addresses themselves

    secret = settings.current().secret.encode()
    return hmac.new(secret, f"address:{address.casefold()}".encode(), hashlib.sha256).hexdigest()
