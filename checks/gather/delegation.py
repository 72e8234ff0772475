"""Asks who answers for the domain."""

from checks.evidence.dns import Delegation
from checks.gather.gathering import Gathering


async def gather_delegation(gathering: Gathering) -> Delegation:
    """The domain's NS records; one question."""
    return Delegation(servers=await gathering.network.ask(gathering.domain, "NS"))
