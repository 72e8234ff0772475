"""The records that a finding offers, put into the zone as they are, mend what was found and break nothing."""

import pytest

from checks.contract import Finding, Record, Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.sites import MENDED_SITES, Site

MOST_STEPS = 2
"""A first DMARC record only asks for reports; the finding that follows asks for more."""


@pytest.mark.parametrize("site", MENDED_SITES, ids=lambda site: site.name.removeprefix("mended-"))
async def test_offered_records_mend(farm: Farm, site: Site) -> None:
    findings = await look(farm, site.domain)
    for _step in range(MOST_STEPS):
        before = outcomes(findings, Status.FAIL)
        farm.publish(site.domain, *offered(findings))
        findings = await look(farm, site.domain)
        assert not before & outcomes(findings, Status.FAIL)
        if not outcomes(findings, Status.FAIL):
            break
    assert outcomes(findings, Status.FAIL) == set()
    assert outcomes(findings, Status.UNKNOWN) == set()


def offered(findings: list[Finding]) -> tuple[Record, ...]:
    """The records of every failing finding; at least one."""
    records = tuple(
        record
        for finding in findings
        if finding.status is Status.FAIL and finding.fix is not None
        for record in finding.fix.records
    )
    assert records
    return records
