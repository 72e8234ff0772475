"""Looks up where the front page is: the same questions that a visit to it puts, but without the visit."""

import asyncio

from checks.evidence.web_addresses import WebAddresses
from checks.gather.gathering import Gathering


async def gather_web_addresses(gathering: Gathering) -> WebAddresses:
    """Both names side by side."""
    names = (gathering.domain, f"www.{gathering.domain}")
    return WebAddresses(tuple(await asyncio.gather(*(gathering.network.addresses(name) for name in names))))
