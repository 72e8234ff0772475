"""What the zone's own name servers said when they were asked directly, and not through a resolver."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from checks.evidence.lookups import HostAddresses, Reach


class NameServers(Struct, frozen=True):
    """Where the name servers of the zone that holds the domain are, in the order of their names.

    Without a zone there are none. `addresses.alias` tells which of them is an alias (RFC 2181, section 10.3).
    """

    zone: str | None
    servers: tuple[HostAddresses, ...] = ()


class DirectAnswer(Struct, frozen=True):
    """What one address replied to the question for the zone's SOA, without asking for recursion.

    `reach` is OK where any usable reply came; `rcode` is then the reply's. `authoritative`: it has the AA bit and the
    SOA of this very zone; `serial` is then its serial number (RFC 1035, section 3.3.13).
    """

    address: str
    reach: Reach
    rcode: str = ""
    authoritative: bool = False
    serial: int | None = None

    @property
    def is_ipv6(self) -> bool:
        """Which of the two internets it came over."""
        return ":" in self.address


class AskedServer(Struct, frozen=True):
    """One name server: where it is, and what some of its addresses replied."""

    addresses: HostAddresses
    answers: tuple[DirectAnswer, ...] = ()

    @property
    def host(self) -> str:
        """The server's name."""
        return self.addresses.host

    @property
    def authoritative(self) -> bool:
        """Whether any address of it answered for the zone."""
        return any(answer.authoritative for answer in self.answers)


class Contents(Struct, frozen=True):
    """What one name server tells visitors and mail about the domain.

    `told`: the records by question (`www.firm.fi A`), sorted, in a form to be compared; empty where it says that there
    are none. A question without a usable reply is left out; `reach` then says how replies were missed, if they were.
    """

    host: str
    reach: Reach
    told: Mapping[str, tuple[str, ...]]


class ServerAnswers(Struct, frozen=True):
    """What each name server says of the zone. `seen_at` is aware UTC: when they were asked (the last time).

    Whoever was not authoritative was asked twice. Where serial numbers differed, all were asked again a little later,
    and only that round is told; where they differ still, `contents` has one server of each number. `blocked_here`:
    several were asked and none replied at all, while the resolver did get an answer out of them: it is our own network
    that lets nobody but the resolver ask (port 53).
    """

    servers: tuple[AskedServer, ...]
    seen_at: datetime
    blocked_here: bool = False
    contents: tuple[Contents, ...] = ()

    def is_open_way(self, address: str) -> bool:
        """Whether questions to addresses of this one's kind reach the servers themselves.

        Some networks send all questions to a resolver of their own, whatever address they are meant for, and that
        one refuses them or answers without authority. So no reply is held against a server unless one of the zone's
        servers was seen to answer with authority over the same internet (IPv4 or IPv6).
        """
        ipv6 = ":" in address
        return any(
            answer.authoritative and answer.is_ipv6 == ipv6 for server in self.servers for answer in server.answers
        )


class RecursionAnswer(Struct, frozen=True):
    """What one address replied when asked, as one asks a resolver, for a name that is none of its business.

    `recursed`: it gave that name's records, without authority and with RA. `itself`: asked in the same way for the
    zone's SOA, it answered with authority, so that it is the server and not somebody on the way.
    """

    address: str
    reach: Reach
    rcode: str = ""
    recursed: bool = False
    itself: bool = False


class Recursion(Struct, frozen=True):
    """What each name server replied to a stranger's question, by host. `stated` is false: nobody was asked."""

    stated: bool
    answers: Mapping[str, RecursionAnswer]


class TransferAnswer(Struct, frozen=True):
    """What one address replied when asked for the whole zone (AXFR, RFC 5936). `given`: records beside the SOA came.

    None of them is kept.
    """

    address: str
    reach: Reach
    rcode: str = ""
    given: bool = False


class ZoneTransfers(Struct, frozen=True):
    """What each name server replied when asked for the whole zone, by host. `stated` is false: nobody was asked."""

    stated: bool
    answers: Mapping[str, TransferAnswer]
