"""Addresses that are not public are never connected to, whatever a domain's records say."""

import asyncio

import pytest

from checks.contract import Status
from tests.farm.farm import Farm
from tests.farm.looking import look, outcomes
from tests.farm.site import Site
from tests.farm.sites import GUARDED_SITES
from tests.farm.visitors import listening_at

INSIDE = ("127.0.0.1", "10.18.0.25", "10.18.0.53", "10.18.0.80")
PORTS = (22, 25, 53, 80, 443, 445, 3306, 3389, 5432, 6379, 8080)


@pytest.mark.farm
async def test_a_visitor_is_counted() -> None:
    async with listening_at(INSIDE) as visitors:
        reader, writer = await asyncio.open_connection("10.18.0.80", 443)
        assert await reader.read() == b""
        writer.close()
    assert visitors.seen == ["10.18.0.80:443"]


@pytest.mark.parametrize("site", GUARDED_SITES, ids=lambda site: site.name)
async def test_nobody_connects_to_an_address_that_is_not_public(farm: Farm, site: Site) -> None:
    async with listening_at(INSIDE) as visitors:
        findings = await look(farm, site.domain, ports=True)
    assert visitors.seen == []
    assert outcomes(findings, Status.FAIL) == set()
