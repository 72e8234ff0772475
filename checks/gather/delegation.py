"""Asks who answers for the domain."""

from checks.evidence.dns import Delegation
from checks.gather.gathering import Gathering
from checks.names import enclosing_names


async def gather_delegation(gathering: Gathering) -> Delegation:
    """The domain's NS records; where it has none of its own, those of the zone that it is a part of.

    One question for an ordinary domain, one more for each label that a subdomain has before the zone's name.
    """
    servers = await gathering.network.ask(gathering.domain, "NS")
    delegation = Delegation(servers)
    for name in enclosing_names(gathering.domain):
        if delegation.zone is not None or not delegation.zone_servers.answered:
            break
        delegation = Delegation(servers, await gathering.network.ask(name, "NS"))
    return delegation
