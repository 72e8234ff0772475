"""What could not be seen is unknown, with the true reason, and never a fault of the domain."""

import pytest

from checks.contract import Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.site import Site
from tests.farm.sites import UNCLEAR_SITES


@pytest.mark.parametrize("site", UNCLEAR_SITES, ids=lambda site: site.name)
async def test_unclear_domain(farm: Farm, site: Site) -> None:
    findings = await look(farm, site.domain)
    assert outcomes(findings, Status.FAIL) == site.fails
    assert outcomes(findings, Status.UNKNOWN) == site.unknown


async def test_resolver_that_does_not_validate(farm: Farm) -> None:
    findings = await look(farm, farm.good, resolver=farm.resolver_without_validation)
    assert outcomes(findings, Status.FAIL) == set()
    assert outcomes(findings, Status.UNKNOWN) == {("dns.dnssec", "resolver-does-not-validate")}


async def test_resolver_that_does_not_validate_keeps_no_promises(farm: Farm) -> None:
    findings = await look(farm, "dane.test", resolver=farm.resolver_without_validation)
    unknown = outcomes(findings, Status.UNKNOWN)
    assert ("mail.dane", "resolver-does-not-validate") in unknown
    assert {outcome for _id, outcome in unknown} == {"resolver-does-not-validate"}


@pytest.mark.parametrize("domain", ["unsigned.test", "wrong-ds.test", "no-ds.test"])
async def test_resolver_that_does_not_validate_accuses_nobody(farm: Farm, domain: str) -> None:
    findings = await look(farm, domain, resolver=farm.resolver_without_validation)
    assert outcomes(findings, Status.FAIL) == set()
    assert outcomes(findings, Status.UNKNOWN) == {("dns.dnssec", "resolver-does-not-validate")}


async def test_silent_resolver(farm: Farm) -> None:
    findings = await look(farm, farm.good, resolver=farm.silent_resolver)
    assert {finding.status for finding in findings} <= {Status.UNKNOWN, Status.NOT_APPLICABLE}
    assert {finding.outcome for finding in findings if finding.status is Status.UNKNOWN} == {"dns-timeout"}


async def test_resolver_that_is_not_there(farm: Farm) -> None:
    findings = await look(farm, farm.good, resolver="198.18.0.99")
    assert {finding.status for finding in findings} <= {Status.UNKNOWN, Status.NOT_APPLICABLE}
    assert {finding.outcome for finding in findings if finding.status is Status.UNKNOWN} == {"dns-timeout"}
