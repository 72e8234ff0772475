"""What web servers said to ClientHellos made by hand: which versions, ciphers and groups each address agrees to."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from checks.evidence.tls import Version


class Reply(StrEnum):
    """How a server took a ClientHello; `UNREACHED`: no connection was to be had.

    `ACCEPTED` is a whole ServerHello with a version and a cipher that were offered; anything less proves nothing.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DROPPED = "dropped"
    NOT_TLS = "not-tls"
    SILENT = "silent"
    UNREACHED = "unreached"


class Feature(StrEnum):
    """What a ServerHello up to TLS 1.2 agreed to, of what was offered beside version and cipher."""

    SECURE_RENEGOTIATION = "secure-renegotiation"
    EXTENDED_MASTER_SECRET = "extended-master-secret"  # noqa: S105 - the name of an extension
    COMPRESSION = "compression"
    HEARTBEAT = "heartbeat"


class Response(Struct, frozen=True):
    """The answer to one ClientHello. What follows `reply` is there where it was accepted.

    `cipher` is the chosen one's number; `key` is the digest of the key (see `PublicKey`) in the certificate that an
    SSL 2.0 server sends along, where it could be read.
    """

    reply: Reply
    cipher: int | None = None
    features: frozenset[Feature] = frozenset()
    key: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the server agreed."""
        return self.reply is Reply.ACCEPTED


class CipherKind(StrEnum):
    """Which ciphers a ClientHello offers that is about them (see `checks.records.cipher_suites`)."""

    BROKEN = "broken"
    WEAK = "weak"
    FORWARD_SECRET = "forward-secret"  # noqa: S105 - what the field calls a kind of cipher


class AddressProbes(Struct, frozen=True):
    """What one address said: to a ClientHello for each version alone, and for each kind of ciphers alone.

    Whether it speaks TLS 1.3 is known from the visitor's handshake, which offered it. `FORWARD_SECRET` was asked
    only where that handshake was without it.
    """

    versions: Mapping[Version, Response]
    ciphers: Mapping[CipherKind, Response] = field(default_factory=dict)


class TlsProbes(Struct, frozen=True):
    """What the addresses on port 443 said, by address: those that speak TLS, and of these only the first ones.

    `stated`: the asker said that the domain is theirs; else no address was asked.
    """

    stated: bool
    addresses: Mapping[str, AddressProbes] = field(default_factory=dict)


class KeyAgreement(Struct, frozen=True):
    """How an address that speaks TLS 1.3 would agree on a key with a browser of today.

    `group` is its choice (`X25519MLKEM768`), where the reply is ACCEPTED.
    """

    reply: Reply
    group: str | None = None


class KeyAgreements(Struct, frozen=True):
    """The key agreements of the first addresses that speak TLS 1.3 on port 443, by address."""

    addresses: Mapping[str, KeyAgreement] = field(default_factory=dict)
