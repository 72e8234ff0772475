"""Which doors of the domain's own servers stand open to the internet."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from checks.evidence.lookups import HostAddresses

REMOTE_DESKTOP: Mapping[int, str] = MappingProxyType({3389: "RDP"})
FILE_SHARING: Mapping[int, str] = MappingProxyType({139: "NetBIOS", 445: "SMB"})
TELNET: Mapping[int, str] = MappingProxyType({23: "Telnet", 513: "rlogin"})
FTP: Mapping[int, str] = MappingProxyType({21: "FTP"})
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
REMOTE_ADMIN: Mapping[int, str] = MappingProxyType(
    {
        135: "Windows RPC",
        2375: "Docker",
        5900: "VNC",
        5901: "VNC",
        5985: "WinRM",
        5986: "WinRM",
        8006: "Proxmox",
        8291: "MikroTik Winbox",
        10000: "Webmin",
        10250: "Kubernetes",
    }
)
"""Made for whoever looks after the machine, on their own network. Not here: SSH (22), which is meant to be reached and
encrypts everything, and the customers' panels of web hosts (2083, 8443 and their like), which are that host's service.
"""
DIRECTORY: Mapping[int, str] = MappingProxyType({88: "Kerberos", 389: "LDAP", 636: "LDAPS"})
CLEARTEXT_MAIL: Mapping[int, str] = MappingProxyType({110: "POP3", 143: "IMAP"})
"""They begin without encryption. Mail on its way (25, 587) does too, by design: that is `mail.starttls`."""
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
    """How the scan of one address ended. SHARED: it was not begun, because others' servers are there too."""

    DONE = "done"
    TIMEOUT = "timeout"
    NO_SCANNER = "no-scanner"
    FAILED = "failed"
    BUSY_HERE = "busy-here"
    SHARED = "shared"


class AddressScan(Struct, frozen=True):
    """One address and its doors; `doors` holds every port that was knocked at, where the scan is done.

    `shared_by`: the company whose customers share the server, where it was not scanned for that.
    """

    address: str
    end: ScanEnd
    doors: Mapping[int, Door]
    shared_by: str = ""

    @property
    def silent(self) -> bool:
        """Whether not one port said anything."""
        return all(door is Door.FILTERED for door in self.doors.values())

    @property
    def says_yes_to_everything(self) -> bool:
        """Whether even the ports where nobody listens look open."""
        return all(self.doors.get(port) is Door.OPEN for port in UNLIKELY)


class ScannedHost(Struct, frozen=True):
    """One of the domain's own names and the scans of its addresses, in the order of `addresses.vetted`.

    `only_ipv6`: all its vetted addresses are IPv6 ones and this machine has no route there.
    """

    host: str
    addresses: HostAddresses
    scans: tuple[AddressScan, ...] = ()
    only_ipv6: bool = False


class PortScan(Struct, frozen=True):
    """The domain and its www name, each where it leads somewhere; without consent nothing at all.

    `asked`: the asker has shown or stated that these servers may be scanned. A name that leads to the very same
    addresses as the domain is left out. Mail servers are not here: they mostly belong to a mail company that asked for
    nothing.
    """

    asked: bool
    hosts: tuple[ScannedHost, ...] = ()
