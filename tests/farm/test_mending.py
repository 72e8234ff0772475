"""What a finding offers, applied as it stands, mends what was found and breaks nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from checks.contract import Finding, Record, Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.sites import MENDED_BY_LINES, MENDED_BY_RECORDS, Site
from tests.farm.web import Web

MOST_STEPS = 2
"""A first DMARC record only asks for reports; the finding that follows asks for more."""


@pytest.fixture
def restored(farm: Farm, site: Site) -> Iterator[None]:
    """Breaks the site again afterwards, as other tests know it."""
    yield
    farm.restore(site)


@pytest.mark.parametrize("site", MENDED_BY_RECORDS, ids=lambda site: site.name)
@pytest.mark.usefixtures("restored")
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


@pytest.mark.parametrize("site", MENDED_BY_LINES, ids=lambda site: site.name)
@pytest.mark.usefixtures("restored")
async def test_offered_nginx_lines_mend(farm: Farm, site: Site) -> None:
    assert site.web is not None
    failing = [finding for finding in await look(farm, site.domain) if finding.status is Status.FAIL]
    farm.serve(site, with_lines(site.web, failing[0]))
    findings = await look(farm, site.domain)
    assert outcomes(findings, Status.FAIL) == set()
    assert outcomes(findings, Status.UNKNOWN) == set()


def with_lines(web: Web, finding: Finding) -> Web:
    """The site with what the finding offers for nginx in the place of what was wrong."""
    assert finding.fix is not None
    line = next(snippet.text for snippet in finding.fix.snippets if snippet.platform == "nginx")
    changed = {
        "web.redirect": replace(web, http_lines=(line,)),
        "web.hsts": replace(web, hsts=None, https_lines=(line,)),
        "tls.protocols": replace(web, protocols=(), https_lines=(line,)),
    }
    return changed[finding.id]
