"""The good domains: nothing is wrong with them, and nothing about them is unknown."""

import pytest

from checks.contract import Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.site import Site
from tests.farm.sites import GOOD_SITES


@pytest.mark.parametrize("ports", [False, True], ids=["plain", "ports"])
@pytest.mark.parametrize("site", GOOD_SITES, ids=lambda site: site.name)
async def test_good_domain(farm: Farm, site: Site, ports: bool) -> None:  # noqa: FBT001 - a parameter of the test
    findings = await look(farm, site.domain, ports=ports)
    assert outcomes(findings, Status.FAIL) == set()
    assert outcomes(findings, Status.UNKNOWN) == set()


async def test_servers_that_number_apart_but_say_the_same_are_no_fault(farm: Farm) -> None:
    findings = await look(farm, "numbered-apart.test")
    assert ("dns.soa_consistency", "numbered-apart") in outcomes(findings, Status.INFO)
