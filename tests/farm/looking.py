"""Looking at the farm with the checks themselves."""

from collections.abc import Iterable

from checks.addresses import AddressGuard
from checks.advice import tell
from checks.contract import Consent, Finding, Status
from checks.gather.network import Network, Resolver
from checks.inspection import Request, inspect
from checks.languages import LANGUAGES
from checks.registry import ALL_CHECKS
from tests.farm.farm import Farm
from tests.farm.registry import REGISTRIES


async def look(
    farm: Farm,
    domain: str,
    *,
    ports: bool = False,
    resolver: str | None = None,
) -> list[Finding]:
    """All findings about a domain, as the farm's validating resolver lets them be seen, or the one given."""
    resolvers = (Resolver(resolver or farm.resolver),)
    network = Network(AddressGuard.allowing([farm.allow_network]), resolvers, registries=REGISTRIES)
    findings = [finding async for finding in inspect(Request(domain, Consent(probes=True, ports=ports)), network)]
    _require_sense(findings, domain)
    return findings


def outcomes(findings: Iterable[Finding], status: Status) -> set[tuple[str, str]]:
    """The id and outcome of every finding with that status."""
    return {(finding.id, finding.outcome) for finding in findings if finding.status is status}


def _require_sense(findings: list[Finding], domain: str) -> None:
    """What must hold whatever is found: ids and subjects never repeat, and every finding has words for its facts."""
    told = [(finding.id, finding.subject) for finding in findings]
    assert len(told) == len(set(told))
    assert {finding.id for finding in findings} == {check.id for check in ALL_CHECKS}
    for finding in findings:
        assert finding.outcome != "our-error"
        for language in LANGUAGES:
            words = tell(finding, domain, language)
            assert "{" not in f"{words.headline}{words.detail}"
            assert (words.fix is not None) == (finding.status is Status.FAIL), finding
