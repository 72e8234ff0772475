"""Looks at the front page: at each address of the domain and of its www name, then wherever http leads."""

import asyncio
from datetime import UTC, datetime

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Outcome
from checks.evidence.web import Door, Trail, TrailEnd, Trails, Visit, WebHost, WebHosts
from checks.gather.gathering import Gathering
from checks.gather.visits import Site, Visits
from checks.records.locations import Target, resolve

MAX_REDIRECTS = 10


async def gather_web_hosts(gathering: Gathering) -> WebHosts:
    """One visit to each of ports 80 and 443, at most four addresses for each of the two names."""
    visits = await gathering.part(Visits)
    hosts = await asyncio.gather(*(_host(visits, site) for site in await visits.sites()))
    return WebHosts(tuple(hosts), datetime.now(UTC))


async def _host(visits: Visits, site: Site) -> WebHost:
    doors = await asyncio.gather(*(_door(visits, site.host, address) for address in site.chosen))
    return WebHost(site.host, site.addresses, tuple(doors), site.unseen)


async def _door(visits: Visits, host: str, address: VettedAddress) -> Door:
    http, https = await asyncio.gather(
        visits.visit(address, Target(host, secure=False)), visits.visit(address, Target(host, secure=True))
    )
    return Door(address.text, http, https)


async def gather_trails(gathering: Gathering) -> Trails:
    """The redirects from each address that answers on port 80; other people's sites are not asked at all."""
    visits = await gathering.part(Visits)
    starts = [(site.host, address) for site in await visits.sites() for address in site.chosen]
    trails = await asyncio.gather(*(_follow(visits, host, address) for host, address in starts))
    found = zip(starts, trails, strict=True)
    return Trails({(host, address.text): trail for (host, address), trail in found if trail is not None})


async def _follow(visits: Visits, host: str, address: VettedAddress) -> Trail | None:
    """The trail from one address. None where port 80 gave no answer to begin with."""
    trail = [Target(host, secure=False)]
    seen: Visit | Outcome = await visits.visit(address, trail[0])
    if isinstance(seen, Visit) and seen.answer is None:
        return None
    status = None
    while isinstance(seen, Visit) and seen.answer is not None:
        status = seen.answer.status
        if seen.answer.location is None:
            return Trail(_urls(trail), TrailEnd.ANSWERED, status)
        target = resolve(trail[-1], seen.answer.location)
        if not isinstance(target, Target):
            return Trail((*_urls(trail), target), TrailEnd.NOT_FOLLOWED, status)
        trail.append(target)
        if not target.is_within(visits.gathering.domain):
            return Trail(_urls(trail), TrailEnd.OTHER_SITE, status)
        if target in trail[:-1] or len(trail) > MAX_REDIRECTS + 1:
            return Trail(_urls(trail), TrailEnd.TOO_MANY, status)
        seen = await _go_on(visits, target)
    return Trail(_urls(trail), TrailEnd.NO_ANSWER, status, seen if isinstance(seen, Outcome) else seen.reason)


async def _go_on(visits: Visits, target: Target) -> Visit | Outcome:
    """The next answer, from the first address of that host; what is wrong with another shows in its own trail."""
    try:
        async with asyncio.timeout(visits.left_s):
            site = await visits.site(target.host)
            if site.unseen is not None:
                return site.unseen
            return await visits.visit(site.chosen[0], target)
    except TimeoutError:
        return contract.CONNECTION_TIMEOUT


def _urls(trail: list[Target]) -> tuple[str, ...]:
    return tuple(str(target) for target in trail)
