"""The records that a finding offers, put into the zone as they are, mend what was found and break nothing."""

import pytest

from checks.contract import Finding, Record, Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.sites import MENDED_SITES, Site


@pytest.mark.parametrize("site", MENDED_SITES, ids=lambda site: site.name.removeprefix("mended-"))
async def test_offered_records_mend(farm: Farm, site: Site) -> None:
    farm.publish(site.domain, *offered(await look(farm, site.domain)))
    findings = await look(farm, site.domain)
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
