"""All visits to a domain's web servers, each made once and shared by those who look at them."""

import asyncio
from collections import Counter
from itertools import chain, zip_longest

from msgspec import Struct, field

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Outcome
from checks.evidence.dns import Delegation
from checks.evidence.lookups import HostAddresses, Vantage
from checks.evidence.web import Visit
from checks.gather.gathering import Gathering
from checks.gather.http import VISIT_S, Ports, visit
from checks.gather.once import Once
from checks.records.locations import Target

MAX_ADDRESSES = 4
MAX_VISITS = 8
"""To one address at port 443; the other half of the sixteen connections that we allow ourselves is for its TLS."""
MAX_OPEN_VISITS = 11
"""To one address at port 80: enough for ten redirects."""
MAX_ALL_VISITS = 30
"""To all of a domain's web servers together, however its redirects lead about: of the sixty connections that we allow
ourselves, the other half is for their TLS, for the mail servers and for zone transfers."""
LEAST_S = 2.0
"""What a visit is given even where the name service took nearly all the time there was."""


class Site(Struct, frozen=True):
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


class Visits(Struct, eq=False):
    """One domain's visits, within one deadline for them all together and a number of them for each address.

    `until` is that deadline, by the event loop's clock.
    """

    gathering: Gathering
    ports: Ports = field(default_factory=Ports)
    until: float = field(default_factory=lambda: asyncio.get_running_loop().time() + VISIT_S)
    _sites: Once[str, Site] = field(default_factory=Once)
    _visits: Once[tuple[str, Target, bool], Visit] = field(default_factory=Once)
    _counts: Counter[tuple[str, bool]] = field(default_factory=Counter)

    @property
    def left_s(self) -> float:
        """How many seconds a visit that starts now may take."""
        return max(self.until - asyncio.get_running_loop().time(), LEAST_S)

    async def sites(self) -> list[Site]:
        """The domain and its www name, without those that are known to have no address.

        Only a domain with a zone of its own has a www name: below another's wildcard every name resolves, and a
        certificate that does not name `www.shop.example.fi` is nobody's fault.
        """
        domain = self.gathering.domain
        names = (domain,) if domain.startswith("www.") else (domain, f"www.{domain}")
        looked_up = asyncio.gather(*(self.site(name) for name in names))
        found, delegation = await asyncio.gather(looked_up, self.gathering.part(Delegation))
        known = [site for site in found if site.addresses.exists or not site.addresses.answered]
        return known if delegation.zone in {None, domain} else [site for site in known if site.host == domain]

    async def site(self, host: str) -> Site:
        """The addresses of one host, looked up once."""
        return await self._sites.get(host, lambda: self._look_up(host))

    async def visit(self, address: VettedAddress, target: Target, *, whole: bool = False) -> Visit:
        """One visit, made once for each address and URL; `whole` asks for the page as well (see `gather.http`)."""
        if (address.text, target, whole) not in self._visits:
            self._counts[address.text, target.secure] += 1
        return await self._visits.get((address.text, target, whole), lambda: self._visit(address, target, whole=whole))

    def may_visit(self, address: VettedAddress, target: Target, *, whole: bool = False) -> bool:
        """Whether that visit was made already, or one more is within the numbers, there and in all."""
        made = (address.text, target, whole) in self._visits
        limit = MAX_VISITS if target.secure else MAX_OPEN_VISITS
        return made or (self._counts[address.text, target.secure] < limit and self._counts.total() < MAX_ALL_VISITS)

    async def _visit(self, address: VettedAddress, target: Target, *, whole: bool) -> Visit:
        return await visit(self.gathering.network, address, target, self.ports, self.left_s, whole=whole)

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
