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
from checks.records.page import leads_to_https

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
    answer = (await visits.visit(address, trail[0])).answer
    if answer is None:
        return None
    while answer.location is not None:
        target = resolve(trail[-1], answer.location)
        end = _stop(visits.gathering.domain, trail, target)
        if end is not None or not isinstance(target, Target):
            return Trail((*_urls(trail), str(target)), end or TrailEnd.NOT_FOLLOWED, answer.status)
        trail.append(target)
        seen = await _go_on(visits, target)
        if seen is None:
            return Trail(_urls(trail), TrailEnd.TOO_MANY, answer.status)
        if isinstance(seen, Outcome) or seen.answer is None:
            reason = seen if isinstance(seen, Outcome) else seen.reason
            return Trail(_urls(trail), TrailEnd.NO_ANSWER, answer.status, reason)
        answer = seen.answer
    return Trail(_urls(trail), TrailEnd.ANSWERED, answer.status, by_page=leads_to_https(answer.page))


def _stop(domain: str, trail: list[Target], target: Target | str) -> TrailEnd | None:
    """Why that redirect is not followed. None where it is."""
    if not isinstance(target, Target):
        return TrailEnd.NOT_FOLLOWED
    if not target.is_within(domain):
        return TrailEnd.OTHER_SITE
    return TrailEnd.TOO_MANY if target in trail or len(trail) > MAX_REDIRECTS else None


async def _go_on(visits: Visits, target: Target) -> Visit | Outcome | None:
    """The next visit, at the first address of that host; what is wrong with another shows in its own trail.

    None where one more is above the number that we allow ourselves.
    """
    try:
        async with asyncio.timeout_at(visits.until):
            site = await visits.site(target.host)
            if site.unseen is not None:
                return site.unseen
            if not visits.may_visit(site.chosen[0], target):
                return None
            return await visits.visit(site.chosen[0], target)
    except TimeoutError:
        return contract.CONNECTION_TIMEOUT


def _urls(trail: list[Target]) -> tuple[str, ...]:
    return tuple(str(target) for target in trail)
