"""Asks for the zone's signatures, its keys, and what its parent says of them."""

import asyncio
from datetime import UTC, datetime

from checks.evidence.dns import Delegation, ZoneSigning
from checks.gather.gathering import Gathering


async def gather_signing(gathering: Gathering) -> ZoneSigning:
    """The zone's SOA, DNSKEY and DS, and the domain's A and MX, all with signatures and side by side."""
    domain = gathering.domain
    zone = (await gathering.part(Delegation)).zone
    if zone is None:
        return ZoneSigning(None, datetime.now(UTC))
    wanted = ((zone, "DNSKEY"), (zone, "DS"), (zone, "SOA"), (domain, "A"), (domain, "MX"))
    keys, vouchers, *samples = await asyncio.gather(
        *(gathering.network.ask(name, rdtype, signatures=True) for name, rdtype in wanted)
    )
    return ZoneSigning(zone, datetime.now(UTC), tuple(samples), keys, vouchers)
