"""The guard: which addresses we may connect to. Every socket and every nmap target passes here.

`ipaddress.is_global` alone is wrong: it lets through forms that carry another address inside (NAT64, 6to4,
Teredo, IPv4-mapped), multicast, deprecated ranges and Azure's internal 168.63.129.16. The deny table follows
the IANA special-purpose address registries (RFC 6890); whatever carries an IPv4 address inside is refused whole.
"""

import ipaddress
from collections.abc import Iterable

from msgspec import Struct

from checks.errors import AddressNotPublicError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")


class VettedAddress(Struct, frozen=True):
    """An address the guard let through. Only `AddressGuard.vet` makes one; only these are connected to."""

    text: str

    @property
    def is_ipv6(self) -> bool:
        """Whether it takes an IPv6 socket."""
        return ":" in self.text


class AddressGuard(Struct, frozen=True):
    """Lets public unicast addresses through, and those in the networks that the operator allowed."""

    allowed: tuple[IPNetwork, ...] = ()

    @classmethod
    def allowing(cls, networks: Iterable[str]) -> "AddressGuard":
        """A guard with an operator's exceptions, as CIDR texts. Raises ValueError for a malformed one."""
        return cls(tuple(ipaddress.ip_network(text) for text in networks))

    def vet(self, text: str) -> VettedAddress:
        """The address, fit to connect to.

        Raises:
            AddressNotPublicError: it is not public unicast, carries a zone id, or is no address at all.
        """
        try:
            address = ipaddress.ip_address(text)
        except ValueError as error:
            raise AddressNotPublicError(text) from error
        if getattr(address, "scope_id", None):
            raise AddressNotPublicError(text)
        if any(address in network for network in self.allowed) or is_public(address):
            return VettedAddress(str(address))
        raise AddressNotPublicError(text)


def is_public(address: IPAddress) -> bool:
    """Whether the address is public unicast, seen from anywhere on the internet."""
    if any(address in network for network in _DENIED):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address in _PUBLIC_V6
    return True
