"""Asks whether mail to a host has somewhere to go; nobody is called."""

from checks.evidence.inboxes import Inbox
from checks.gather.network import Network

MAX_REPORT_HOSTS = 8
"""For each kind of report: more than any sender of reports heeds."""


async def ask_for_inbox(network: Network, host: str) -> Inbox:
    """Its MX records, and where it has none its addresses."""
    mx = await network.ask(host, "MX")
    return Inbox(mx, None if mx.records or not mx.answered else await network.addresses(host))
