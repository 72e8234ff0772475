"""Asks who hears of failed encryption on the way to the domain's mail servers (RFC 8460, section 3)."""

import asyncio

from checks.evidence.tls_rpt import TlsReporting
from checks.gather.gathering import Gathering


async def gather_tls_reporting(gathering: Gathering) -> TlsReporting:
    """Two questions, side by side."""
    names = (f"_smtp._tls.{gathering.domain}", f"_mta-sts.{gathering.domain}")
    record, sts = await asyncio.gather(*(gathering.network.ask(name, "TXT") for name in names))
    return TlsReporting(record, sts)
