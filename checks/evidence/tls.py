"""What was seen of a server's encryption: one handshake, its certificates, and the versions it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate as it was served (RFC 5280); times are aware UTC.

    `names` are the dNSName entries of its subjectAltName, lower case and in A-label form, wildcards included.
    `subject` and `issuer` are in the form of RFC 4514; `authority` is the issuer's organisation as people know it
    (`Let's Encrypt`), its common name where it gives no organisation.
    """

    der: bytes
    subject: str
    issuer: str
    authority: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime


class Trust(StrEnum):
    """Where the certificates lead, leaving aside the leaf's own dates and names."""

    TRUSTED = "trusted"
    SELF_SIGNED = "self-signed"
    UNKNOWN_AUTHORITY = "unknown-authority"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"


class HandshakeEnd(StrEnum):
    """How an attempt to start encryption ended, the TCP connection standing.

    `REFUSED`: the server answered in TLS and said no (an alert); `TOO_OLD`: it only speaks versions that our
    library no longer has; `NOT_TLS`: it answered in something else; `DROPPED`: it hung up.
    """

    OK = "ok"
    REFUSED = "refused"
    TOO_OLD = "too-old"
    NOT_TLS = "not-tls"
    DROPPED = "dropped"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Handshake:
    """One TLS handshake, certificates not required to be good. `chain` is as served, the leaf first.

    `version` (`TLSv1.3`), `cipher`, `chain` and `trust` are there where it ended OK; `detail` is the library's
    word for why it did not.
    """

    end: HandshakeEnd
    version: str | None = None
    cipher: str | None = None
    chain: tuple[Certificate, ...] = ()
    trust: Trust | None = None
    detail: str = ""

    @property
    def leaf(self) -> Certificate | None:
        """The server's own certificate."""
        return self.chain[0] if self.chain else None


class Version(StrEnum):
    """A protocol version as people write it, oldest first."""

    SSL3 = "SSL 3.0"
    TLS10 = "TLS 1.0"
    TLS11 = "TLS 1.1"
    TLS12 = "TLS 1.2"
    TLS13 = "TLS 1.3"


class Reply(StrEnum):
    """What a server said to a ClientHello that offers one version only; `UNREACHED`: no connection was to be had."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DROPPED = "dropped"
    NOT_TLS = "not-tls"
    SILENT = "silent"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Protocols:
    """Which versions each address speaks on port 443: address to version to reply.

    Asked once for each address, with the first host name at which it shook hands.
    """

    replies: Mapping[str, Mapping[Version, Reply]]
