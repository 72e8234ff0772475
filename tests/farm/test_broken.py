"""The broken domains: exactly what is wrong is found wrong, nothing is unknown, and what is offered mends it."""

from collections.abc import Callable

import pytest

from checks.contract import Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.proving import prove
from tests.farm.site import Site
from tests.farm.sites import BROKEN_SITES, EVERYDAY


@pytest.mark.parametrize("site", [*BROKEN_SITES, EVERYDAY], ids=lambda site: site.name)
async def test_broken_domain(farm: Farm, site: Site, record_property: Callable[[str, object], None]) -> None:
    findings = await look(farm, site.domain, ports=bool(site.open_ports))
    assert outcomes(findings, Status.FAIL) == site.fails
    assert outcomes(findings, Status.UNKNOWN) == site.unknown
    proofs = await prove(farm, site, findings)
    for proof in proofs:
        record_property("proof", (proof.id, proof.outcome, proof.holds))
    assert [proof for proof in proofs if not proof.holds] == []
