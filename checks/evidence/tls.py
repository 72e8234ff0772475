"""What was seen of a server's encryption: one handshake, its certificates, and the versions it speaks."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class PublicKey(Struct, frozen=True):
    """A certificate's key: its kind (`RSA`, `ECDSA`, `DSA`, `Ed25519`, `Ed448`), its size in bits, and which it is.

    `digest` is the SHA-256 of its subjectPublicKeyInfo, in hex: equal for equal keys.
    """

    kind: str
    bits: int
    digest: str


class Certificate(Struct, frozen=True):
    """One certificate as it was served (RFC 5280); times are aware UTC.

    `names` are the dNSName entries of its subjectAltName, lower case and in A-label form, wildcards included.
    `subject` and `issuer` are in the form of RFC 4514; `authority` is the issuer's organisation as people know it
    (`Let's Encrypt`), its common name where it gives no organisation. `key` is None where our library cannot read
    it. `hash` is that of its signature (`SHA256`); None where it has none of its own, as with Ed25519. `trusted`:
    it is an authority's that is trusted for itself, whoever else signed it.
    """

    der: bytes
    subject: str
    issuer: str
    authority: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    key: PublicKey | None = None
    hash: str | None = None
    trusted: bool = False

    @property
    def self_signed(self) -> bool:
        """Whether nobody else vouches for it, so that its signature says nothing."""
        return self.subject == self.issuer


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


class Handshake(Struct, frozen=True):
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

    SSL2 = "SSL 2.0"
    SSL3 = "SSL 3.0"
    TLS10 = "TLS 1.0"
    TLS11 = "TLS 1.1"
    TLS12 = "TLS 1.2"
    TLS13 = "TLS 1.3"
