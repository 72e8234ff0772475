"""Which doors of the domain's own servers stand open to the internet."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from checks.evidence.lookups import HostAddresses

REMOTE_DESKTOP: Mapping[int, str] = MappingProxyType({3389: "RDP"})
FILE_SHARING: Mapping[int, str] = MappingProxyType({139: "NetBIOS", 445: "SMB"})
DATABASES: Mapping[int, str] = MappingProxyType(
    {
        1433: "SQL Server",
        1521: "Oracle",
        3306: "MySQL",
        5432: "PostgreSQL",
        5984: "CouchDB",
        6379: "Redis",
        9200: "Elasticsearch",
        11211: "memcached",
        27017: "MongoDB",
    }
)
ALIVE = (80, 443)
"""A public server usually answers here: where these are silent too, we may be shut out altogether."""
UNLIKELY = (42617, 58931)
"""Nobody listens here. Where both look open, something on the way says yes to everything."""


class Door(StrEnum):
    """What a port did when knocked at: took the connection, refused it, or said nothing."""

    OPEN = "open"
    CLOSED = "closed"
    FILTERED = "filtered"


class ScanEnd(StrEnum):
    """How the scan of one address ended."""

    DONE = "done"
    TIMEOUT = "timeout"
    NO_SCANNER = "no-scanner"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AddressScan:
    """One address and its doors; `doors` holds every port that was knocked at, where the scan is done."""

    address: str
    end: ScanEnd
    doors: Mapping[int, Door]

    @property
    def silent(self) -> bool:
        """Whether not one port said anything."""
        return all(door is Door.FILTERED for door in self.doors.values())

    @property
    def says_yes_to_everything(self) -> bool:
        """Whether even the ports where nobody listens look open."""
        return all(self.doors.get(port) is Door.OPEN for port in UNLIKELY)


@dataclass(frozen=True, slots=True)
class ScannedHost:
    """One of the domain's own names and the scans of its addresses, in the order of `addresses.vetted`.

    `only_ipv6`: all its vetted addresses are IPv6 ones and this machine has no route there.
    """

    host: str
    addresses: HostAddresses
    scans: tuple[AddressScan, ...] = ()
    only_ipv6: bool = False


@dataclass(frozen=True, slots=True)
class PortScan:
    """The domain and its www name, each where it leads somewhere; without consent nothing at all.

    `asked`: the asker has shown or stated that these servers may be scanned. A name that leads to the very same
    addresses as the domain is left out.
    """

    asked: bool
    hosts: tuple[ScannedHost, ...] = ()
