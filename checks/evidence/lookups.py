"""How a question to the name service, or an attempt to connect, ended."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Outcome


class Lookup(StrEnum):
    """How one DNS question ended. Only the first three are answers."""

    FOUND = "found"
    NO_DATA = "no-data"
    NO_NAME = "no-name"
    TIMEOUT = "timeout"
    FAILED = "failed"


class Signature(Struct, frozen=True):
    """An RRSIG over an answer (RFC 4034, section 3); times are aware UTC, `text` is all of it in presentation form."""

    covers: str
    algorithm: int
    key_tag: int
    signer: str
    inception: datetime
    expiration: datetime
    text: str = ""


class Answer(Struct, frozen=True):
    """The answer to one DNS question.

    `records` are texts: host names without the last dot and in lower case, addresses, TXT with its strings
    joined (RFC 7208, section 3.3), every other type in presentation form (RFC 1035, section 5.1).
    `authenticated` is the resolver's AD bit (RFC 4035, section 3.2.3); it is only ever set where signatures were
    asked for. `bogus`: the resolver refused the answer and gave it only with checking disabled. `alias`: where a
    CNAME at the name led, if there was one. `resolver`: who replied.
    """

    name: str
    rdtype: str
    lookup: Lookup
    records: tuple[str, ...] = ()
    authenticated: bool = False
    bogus: bool = False
    alias: str | None = None
    rcode: str = "NOERROR"
    signatures: tuple[Signature, ...] = ()
    resolver: str = ""

    @property
    def answered(self) -> bool:
        """Whether the name service said anything, be it that there is nothing."""
        return self.lookup in {Lookup.FOUND, Lookup.NO_DATA, Lookup.NO_NAME}

    @property
    def reason(self) -> Outcome:
        """The shared `unknown` outcome that names why there was no answer."""
        return contract.DNS_TIMEOUT if self.lookup is Lookup.TIMEOUT else contract.DNS_FAILED


class Reach(StrEnum):
    """How an attempt to connect ended."""

    OK = "ok"
    NOT_PUBLIC = "not-public"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    FAILED = "failed"
    BLOCKED_HERE = "blocked-here"
    BUSY_HERE = "busy-here"
    CALLED_ENOUGH = "called-enough"

    @property
    def is_ours(self) -> bool:
        """Whether it was our own doing, so that it says nothing about the server."""
        return self in {Reach.BLOCKED_HERE, Reach.BUSY_HERE, Reach.CALLED_ENOUGH}

    @property
    def reason(self) -> Outcome:
        """The shared `unknown` outcome that names why nothing was seen. Raises KeyError for `OK`."""
        return _UNREACHED[self]


_UNREACHED = {
    Reach.NOT_PUBLIC: contract.ADDRESS_NOT_PUBLIC,
    Reach.TIMEOUT: contract.CONNECTION_TIMEOUT,
    Reach.REFUSED: contract.CONNECTION_REFUSED,
    Reach.FAILED: contract.CONNECTION_FAILED,
    Reach.BLOCKED_HERE: contract.BLOCKED_FROM_HERE,
    Reach.BUSY_HERE: contract.BUSY_HERE,
    Reach.CALLED_ENOUGH: contract.CALLED_ENOUGH,
}


class HostAddresses(Struct, frozen=True):
    """Where a host name leads: the addresses we may connect to, and those the guard refused."""

    host: str
    v4: Answer
    v6: Answer
    vetted: tuple[VettedAddress, ...]
    refused: tuple[str, ...]

    @property
    def exists(self) -> bool:
        """Whether the name has any address at all, public or not."""
        return bool(self.vetted or self.refused)

    @property
    def alias(self) -> str | None:
        """Where a CNAME at the name led, if there was one."""
        return self.v4.alias or self.v6.alias

    @property
    def answered(self) -> bool:
        """Whether both questions were answered, so that the absence of addresses is a fact."""
        return self.v4.answered and self.v6.answered

    @property
    def reason(self) -> Outcome:
        """The shared `unknown` outcome for a name whose addresses could not be looked up."""
        return self.v6.reason if self.v4.answered else self.v4.reason


class Vantage(Struct, frozen=True):
    """What we can and cannot see from where we stand: our own limits, never the domain's fault.

    `validates`: a resolver was shown to check DNSSEC signatures; `validating` names those that were, since
    several may take turns. `ipv6`: this machine has a route to it.
    """

    validates: bool
    ipv6: bool
    resolvers: tuple[str, ...]
    validating: tuple[str, ...] = ()
