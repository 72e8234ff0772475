"""Looks at our own place in the network first, so that what we cannot see is never the domain's fault."""

import asyncio
import socket

from checks.evidence.lookups import Vantage
from checks.gather.gathering import Gathering

_FAR_AWAY = ("2001:500:2::c", 53)
"""An address of a DNS root server (C). Nothing is sent to it: connecting a UDP socket only asks for the route."""


async def gather_vantage(gathering: Gathering) -> Vantage:
    """Whether the resolver validates, shown by an authentic answer for the always signed root, and IPv6."""
    network = gathering.network
    root, parent = await asyncio.gather(network.ask(".", "SOA"), network.ask(gathering.domain.partition(".")[2], "SOA"))
    return Vantage(
        validates=root.authenticated or parent.authenticated,
        ipv6=_has_ipv6_route(),
        resolvers=tuple(str(resolver) for resolver in network.resolvers),
    )


def _has_ipv6_route() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(_FAR_AWAY)
    except OSError:
        return False
    return True
