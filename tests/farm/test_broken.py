"""The broken domains: exactly what is wrong is found wrong, and nothing is unknown where a server answers."""

import pytest

from checks.contract import Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.sites import BROKEN_SITES, EVERYDAY, Site


@pytest.mark.parametrize("site", [*BROKEN_SITES, EVERYDAY], ids=lambda site: site.name)
async def test_broken_domain(farm: Farm, site: Site) -> None:
    findings = await look(farm, site.domain, ports=bool(site.open_ports))
    assert outcomes(findings, Status.FAIL) == site.fails
    assert outcomes(findings, Status.UNKNOWN) == site.unknown
