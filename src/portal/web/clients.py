"""Who asks: the address behind the operator's own proxies, and the pseudonym under which it is counted."""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection

from checks.addresses import IPAddress, IPNetwork
from portal import settings

Connection = ASGIConnection[Any, Any, Any, Any]
UNKNOWN = "unknown"
_IPV6_NETWORK = 64
"""A household or a firm has a whole /64: its addresses count as one client."""


def address_behind(peer: str, forwarded_for: Sequence[str], trusted: Sequence[IPNetwork]) -> str:
    """The nearest address that is none of our proxies, as text.

    `forwarded_for`: the values of X-Forwarded-For, leftmost first. Each proxy appends whom it heard, so only the
    entries that trusted ones appended are believed, from the right; whatever a client wrote itself never counts.
    """
    nearest = peer
    for claimed in reversed([part.strip() for value in forwarded_for for part in value.split(",")]):
        if not _is_trusted(nearest, trusted) or _parsed(claimed) is None:
            break
        nearest = claimed
    return nearest


def client_of(connection: Connection) -> str:
    """The pseudonym of whoever asks: the same for the same client, and no way back to the address."""
    chosen = settings.current()
    peer = connection.client.host if connection.client else UNKNOWN
    behind = address_behind(peer, connection.headers.getall("x-forwarded-for", []), chosen.trusted_proxies)
    return hmac.new(chosen.secret.encode(), f"client:{_network(behind)}".encode(), hashlib.sha256).hexdigest()[:32]


def _network(text: str) -> str:
    address = _parsed(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
    return str(address) if address else UNKNOWN


def _parsed(text: str) -> IPAddress | None:
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(text: str, trusted: Sequence[IPNetwork]) -> bool:
    address = _parsed(text)
    return address is not None and any(address in network for network in trusted)
