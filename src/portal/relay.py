"""The operator's mail server, to which all our letters are handed: what its address on one line says."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

SUBMISSION, SUBMISSIONS = 587, 465
"""The ports for handing in mail (RFC 6409; RFC 8314, section 3.3)."""

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?")
_LIKE = "must be like smtp://user:password@mail.example.org or smtps://mail.example.org"


@dataclass(frozen=True, slots=True)
class Relay:
    """Where letters are handed in. `tls`: from the first byte; `starttls`: before anything else is said.

    With either, a certificate that does not prove the host's name ends the call. `user` is empty without a sign-in.
    """

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


def parse_relay(text: str) -> Relay:
    """The server that an address such as `smtp://user:password@host:587` names.

    `smtp` encrypts by STARTTLS, always, except to the machine itself; `smtps` encrypts from the start. User and
    password are percent-encoded.

    Raises:
        ValueError: it makes no sense; the message holds nothing of what was given, which may be a password.
    """
    parts = _split(text)
    if parts.scheme not in {"smtp", "smtps"} or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(_LIKE)
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) and not _is_address(host):
        raise ValueError(f"{_LIKE}; write ä and ö in a host as xn--, and / and @ in a password as %2F and %40")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("needs both a user and a password, or neither")
    tls = parts.scheme == "smtps"
    return Relay(
        host=host,
        port=_port(parts) or (SUBMISSIONS if tls else SUBMISSION),
        tls=tls,
        starttls=not tls and not _is_loopback(host),
        user=user,
        password=password,
    )


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise ValueError(_LIKE) from None


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError(f"{_LIKE}, with a port of 1 to 65535 if any")
    return port


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
