"""Evidence of name servers as judges get it."""

from datetime import UTC, datetime

from checks.addresses import AddressGuard
from checks.errors import AddressNotPublicError
from checks.evidence.authority import (
    AskedServer,
    Contents,
    DirectAnswer,
    NameServers,
    Recursion,
    RecursionAnswer,
    ServerAnswers,
    TransferAnswer,
    ZoneTransfers,
)
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from tests.checks.telling import found, nothing

DOMAIN = "shop.firm.fi"
ZONE = "firm.fi"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
A, B, FAR, PRIVATE = "192.0.1.1", "192.0.1.2", "185.26.1.1", "10.0.0.1"
A6, B6, FAR6 = "2a00:1::1", "2a00:1::2", "2a01:1::1"


def server(host: str, *texts: str, alias: str | None = None, lookup: Lookup | None = None) -> HostAddresses:
    """A name server at these addresses; `lookup` says how the questions ended that gave none."""
    v4, v6 = [text for text in texts if ":" not in text], [text for text in texts if ":" in text]
    empty = lookup or (Lookup.NO_DATA if texts else Lookup.NO_NAME)
    vetted, refused = [], []
    for text in texts:
        try:
            vetted.append(AddressGuard().vet(text))
        except AddressNotPublicError:
            refused.append(text)
    return HostAddresses(
        host,
        Answer(host, "A", Lookup.FOUND if v4 else empty, tuple(v4), alias=alias),
        Answer(host, "AAAA", Lookup.FOUND if v6 else empty, tuple(v6), alias=alias),
        tuple(vetted),
        tuple(refused),
    )


def listing(*servers: HostAddresses) -> tuple[Delegation, NameServers]:
    """What the resolver says of the zone above the domain."""
    records = found(ZONE, "NS", *(each.host for each in servers))
    return Delegation(nothing(DOMAIN, "NS"), records), NameServers(ZONE, servers)


def knows(address: str, serial: int = 1) -> DirectAnswer:
    return DirectAnswer(address, Reach.OK, "NOERROR", authoritative=True, serial=serial)


def says(address: str, rcode: str) -> DirectAnswer:
    """A reply without authority."""
    return DirectAnswer(address, Reach.OK, rcode)


def missed(address: str, reach: Reach = Reach.TIMEOUT) -> DirectAnswer:
    return DirectAnswer(address, reach)


def asked(
    *pairs: tuple[HostAddresses, tuple[DirectAnswer, ...]], at: datetime = NOW, contents: tuple[Contents, ...] = ()
) -> ServerAnswers:
    return ServerAnswers(tuple(AskedServer(each, answers) for each, answers in pairs), at, contents=contents)


def recursion(*answers: tuple[HostAddresses, RecursionAnswer]) -> Recursion:
    return Recursion(stated=True, answers={each.host: answer for each, answer in answers})


def transfers(*answers: tuple[HostAddresses, TransferAnswer]) -> ZoneTransfers:
    return ZoneTransfers(stated=True, answers={each.host: answer for each, answer in answers})
