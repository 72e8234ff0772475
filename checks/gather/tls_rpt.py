"""Asks who hears of failed encryption on the way to the domain's mail servers (RFC 8460, section 3)."""

import asyncio

from checks.evidence.tls_rpt import TlsReporting
from checks.gather.gathering import Gathering
from checks.gather.inboxes import MAX_REPORT_HOSTS, ask_for_inbox
from checks.records.tls_rpt import addresses_meant, destinations


async def gather_tls_reporting(gathering: Gathering) -> TlsReporting:
    """Two questions, side by side; then one or two about each host that reports are mailed to."""
    names = (f"_smtp._tls.{gathering.domain}", f"_mta-sts.{gathering.domain}")
    record, sts = await asyncio.gather(*(gathering.network.ask(name, "TXT") for name in names))
    named = dict.fromkeys(each.host for each in destinations(addresses_meant(record.records)))
    hosts = [host for host in named if host != gathering.domain][:MAX_REPORT_HOSTS]
    inboxes = await asyncio.gather(*(ask_for_inbox(gathering.network, host) for host in hosts))
    return TlsReporting(record, sts, dict(zip(hosts, inboxes, strict=True)))
