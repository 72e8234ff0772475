"""Looks at our own place in the network first, so that what we cannot see is never the domain's fault."""

import asyncio
import socket

from checks.evidence.lookups import Vantage
from checks.gather.gathering import Gathering

FAR_AWAY = ("2001:500:2::c", 53)
"""An address of a DNS root server (C). Nothing is sent to it: connecting a UDP socket only asks for the route."""


async def gather_vantage(gathering: Gathering) -> Vantage:
    """Whether a resolver validates, and whether there is IPv6; three questions, side by side.

    Validation is shown by the AD bit on a signed zone: the root, where it can be asked, the domain's parent or the
    domain itself (RFC 4035, section 3.2.3), or by the refusal of a forged answer.
    """
    network = gathering.network
    zones = (".", gathering.domain.partition(".")[2], gathering.domain)
    answers = await asyncio.gather(*(network.ask(zone, "SOA", signatures=True) for zone in zones))
    validating = {answer.resolver for answer in answers if answer.authenticated or answer.bogus}
    return Vantage(
        validates=bool(validating),
        ipv6=_has_ipv6_route(),
        resolvers=tuple(str(resolver) for resolver in network.resolvers),
        validating=tuple(sorted(validating)),
    )


def _has_ipv6_route() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(FAR_AWAY)
    except OSError:
        return False
    return True
