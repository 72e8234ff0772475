"""All visits to a domain's web servers, each made once and shared by those who look at them."""

import asyncio
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Outcome
from checks.evidence.lookups import HostAddresses, Vantage
from checks.evidence.web import Visit
from checks.gather.gathering import Gathering
from checks.gather.http import VISIT_S, Ports, visit
from checks.records.locations import Target

MAX_ADDRESSES = 4
LEAST_S = 3.0
"""What a visit is given even where the name service took nearly all the time there was."""


@dataclass(frozen=True, slots=True)
class Site:
    """One host name and the addresses of it that we look at."""

    host: str
    addresses: HostAddresses
    chosen: tuple[VettedAddress, ...]

    @property
    def unseen(self) -> Outcome | None:
        """Why there is no address to look at. None where there is one."""
        if self.chosen:
            return None
        if self.addresses.vetted:
            return contract.BLOCKED_FROM_HERE
        return contract.ADDRESS_NOT_PUBLIC if self.addresses.refused else self.addresses.reason


@dataclass(slots=True)
class Visits:
    """One domain's visits, within one deadline for them all together."""

    gathering: Gathering
    ports: Ports = field(default_factory=Ports)
    _until: float = field(default_factory=lambda: asyncio.get_running_loop().time() + VISIT_S)
    _sites: dict[str, asyncio.Task[Site]] = field(default_factory=dict)
    _visits: dict[tuple[str, str], asyncio.Task[Visit]] = field(default_factory=dict)

    @property
    def left_s(self) -> float:
        """How many seconds a visit that starts now may take."""
        return max(self._until - asyncio.get_running_loop().time(), LEAST_S)

    async def sites(self) -> list[Site]:
        """The domain and its www name, without those that are known to have no address."""
        domain = self.gathering.domain
        names = (domain,) if domain.startswith("www.") else (domain, f"www.{domain}")
        found = await asyncio.gather(*(self.site(name) for name in names))
        return [site for site in found if site.addresses.exists or not site.addresses.answered]

    async def site(self, host: str) -> Site:
        """The addresses of one host, looked up once."""
        if host not in self._sites:
            self._sites[host] = asyncio.create_task(self._look_up(host))
        return await asyncio.shield(self._sites[host])

    async def visit(self, address: VettedAddress, target: Target) -> Visit:
        """One visit, made once for each address and URL."""
        key = (address.text, str(target))
        if key not in self._visits:
            visiting = visit(self.gathering.network, address, target, self.ports, self.left_s)
            self._visits[key] = asyncio.create_task(visiting)
        return await asyncio.shield(self._visits[key])

    async def _look_up(self, host: str) -> Site:
        addresses = await self.gathering.network.addresses(host)
        has_ipv6 = any(address.is_ipv6 for address in addresses.vetted)
        ipv6 = has_ipv6 and (await self.gathering.part(Vantage)).ipv6
        return Site(host, addresses, choose(addresses.vetted, ipv6=ipv6))


async def gather_visits(gathering: Gathering) -> Visits:
    """The visits to the domain, none made yet."""
    return Visits(gathering)


def choose(vetted: tuple[VettedAddress, ...], *, ipv6: bool) -> tuple[VettedAddress, ...]:
    """At most four of a host's addresses: both families by turns, IPv6 only where we have it."""
    v4 = [address for address in vetted if not address.is_ipv6]
    v6 = [address for address in vetted if address.is_ipv6] if ipv6 else []
    return tuple(address for address in chain.from_iterable(zip_longest(v4, v6)) if address is not None)[:MAX_ADDRESSES]
