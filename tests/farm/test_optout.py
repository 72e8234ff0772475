"""A holder who wants no check: none of the domain's servers is called, whatever the asker states or shows."""

import json

import pytest

from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.errors import UnusableDomainError
from checks.gather.network import Network, Resolver
from checks.inspection import Request, inspect
from tests.farm.farm import Farm
from tests.farm.sites import LEFT_ALONE
from tests.farm.test_command import check
from tests.farm.visitors import listening_at

THERE = ("198.18.20.1",)


def test_the_site_is_where_its_visitors_are_counted() -> None:
    assert LEFT_ALONE.addresses == THERE


@pytest.mark.parametrize("name", ["", "www.", "shop."], ids=["itself", "www", "below"])
async def test_no_server_of_a_domain_that_opted_out_is_called(farm: Farm, name: str) -> None:
    network = Network(AddressGuard.allowing([farm.allow_network]), (Resolver(farm.resolver),))
    request = Request(f"{name}{LEFT_ALONE.domain}", Consent(probes=True, ports=True))
    async with listening_at(THERE) as visitors:
        with pytest.raises(UnusableDomainError) as refusal:
            [finding async for finding in inspect(request, network)]
    assert refusal.value.code == "opted-out"
    assert visitors.seen == []
    assert network.calls == {}


async def test_command_says_so_in_one_line(farm: Farm) -> None:
    async with listening_at(THERE) as visitors:
        code, output, errors = await check(farm, LEFT_ALONE.domain, "--json", "--ports")
    assert (code, errors.count("\n"), visitors.seen) == (2, 1, [])
    assert json.loads(output)["error"]["code"] == "opted-out"
