import asyncio

from checks.gather.http import Ports
from checks.gather.visits import MAX_ALL_VISITS, MAX_VISITS, Visits
from checks.records.locations import Target
from tests.checks.gather.zone import gathering
from tests.checks.serving import closed_port


async def test_redirects_that_lead_about_end_at_a_number_for_all_servers_together() -> None:
    async with gathering(Ports(closed_port(), closed_port())) as site:
        visits = await site.part(Visits)
        addresses = [site.network.guard.vet(f"127.0.0.{number}") for number in range(1, 10)]
        made = [
            (address, Target("good.test", secure=True, path=f"/{number}"))
            for address in addresses
            for number in range(MAX_VISITS - 1)
        ][: MAX_ALL_VISITS - 1]
        await asyncio.gather(*(visits.visit(address, target) for address, target in made))
        another, untouched = Target("good.test", secure=True, path="/another"), addresses[-1]
        assert visits.may_visit(untouched, another)
        await visits.visit(addresses[-2], another)
        assert not visits.may_visit(untouched, another)
        assert visits.may_visit(addresses[-2], another)
        assert all(visits.may_visit(address, target) for address, target in made)
