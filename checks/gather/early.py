"""The first questions of every inspection: they need nothing but the domain's name, and hardly any code.

Whoever counts milliseconds puts them before loading the rest; the answers arrive meanwhile, and the inspection, given
the same `Network`, finds them there.
"""

import asyncio

from checks.gather.network import Network

OF_THE_DOMAIN = (
    ("", "NS"),
    ("", "MX"),
    ("", "TXT"),
    ("", "A"),
    ("", "AAAA"),
    ("www.", "A"),
    ("www.", "AAAA"),
    ("_dmarc.", "TXT"),
    ("_kyberkunto-optout.", "TXT"),
    ("", "CAA"),
)
"""What stands before the domain, and the type of record."""
_UNTIL_SENT = 10
"""Turns of the event loop after which each question has left: making a socket takes asyncio a few."""


async def ask_early(network: Network, domain: str) -> list[asyncio.Task[object]]:
    """Puts the first questions and returns when they have left. Keep what it gives back until the inspection runs."""
    asking: list[asyncio.Task[object]] = [
        asyncio.create_task(network.ask(f"{before}{domain}", rdtype)) for before, rdtype in OF_THE_DOMAIN
    ]
    zones = (".", domain.partition(".")[2], domain)
    asking += [asyncio.create_task(network.ask(zone, "SOA", signatures=True)) for zone in zones]
    for _ in range(_UNTIL_SENT):
        await asyncio.sleep(0)
    return asking
