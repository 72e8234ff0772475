"""Looking at the farm with the checks themselves."""

from collections.abc import Iterable

from checks.addresses import AddressGuard
from checks.contract import Finding, Status
from checks.gather.network import Network, Resolver
from checks.inspection import Request, inspect
from tests.farm.farm import Farm


async def look(farm: Farm, domain: str, *, ports: bool = False, resolver: str | None = None) -> list[Finding]:
    """All findings about a domain, seen through the farm's validating resolver or the one given."""
    network = Network(AddressGuard.allowing([farm.allow_network]), (Resolver(resolver or farm.resolver),))
    return [finding async for finding in inspect(Request(domain, ports_allowed=ports), network)]


def outcomes(findings: Iterable[Finding], status: Status) -> set[tuple[str, str]]:
    """The id and outcome of every finding with that status."""
    return {(finding.id, finding.outcome) for finding in findings if finding.status is status}
