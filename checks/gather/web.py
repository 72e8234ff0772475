"""Looks at the front page: at each address of the domain and of its www name, then wherever it leads."""

import asyncio
from datetime import UTC, datetime

from checks.addresses import VettedAddress
from checks.evidence.pages import Arrival, FrontPages, SecurityFiles
from checks.evidence.web import Door, TrailEnd, Trails, WebHost, WebHosts
from checks.gather.following import Way, follow
from checks.gather.gathering import Gathering
from checks.gather.visits import Site, Visits
from checks.records.locations import Target

PLACES = ("/.well-known/security.txt", "/security.txt")
"""Where security.txt is, and where it was before there was a standard (RFC 9116, section 3)."""
_OK = 200
_NOTHING_THERE = {404, 410}


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
    ways = await asyncio.gather(*(follow(visits, Target(host, secure=False), address) for host, address in starts))
    found = zip(starts, ways, strict=True)
    return Trails({(host, address.text): way.trail for (host, address), way in found if way is not None})


async def gather_front_pages(gathering: Gathering) -> FrontPages:
    """The way from https://host/ of each of the two names, at the first address of it that answers."""
    visits = await gathering.part(Visits)
    sites = await visits.sites()
    found = zip(sites, await asyncio.gather(*(_front_page(visits, site) for site in sites)), strict=True)
    return FrontPages({site.host: arrival for site, arrival in found if arrival is not None}, datetime.now(UTC))


async def _front_page(visits: Visits, site: Site) -> Arrival | None:
    for address in site.chosen:
        way = await follow(visits, Target(site.host, secure=True), address)
        if way is not None:
            return _arrival(way)
    return None


async def gather_security_files(gathering: Gathering) -> SecurityFiles:
    """Both places where a host's security.txt may be, asked for at once at its first address."""
    visits = await gathering.part(Visits)
    sites = [site for site in await visits.sites() if site.chosen]
    found = zip(sites, await asyncio.gather(*(_security_file(visits, site) for site in sites)), strict=True)
    return SecurityFiles({site.host: arrival for site, arrival in found if arrival is not None}, datetime.now(UTC))


async def _security_file(visits: Visits, site: Site) -> Arrival | None:
    """The newer place; the older one only where the newer is known to be empty and the older has something."""
    new, old = await asyncio.gather(
        *(follow(visits, Target(site.host, secure=True, path=path), site.chosen[0], whole=True) for path in PLACES)
    )
    if new and old and new.trail.end is TrailEnd.ANSWERED and new.trail.status in _NOTHING_THERE:
        chosen = old if old.trail.end is TrailEnd.ANSWERED and old.trail.status == _OK else new
        return _arrival(chosen)
    return _arrival(new) if new else None


def _arrival(way: Way) -> Arrival:
    last = way.stops[-1]
    handshakes = ((stop.target.host, stop.visit.handshake) for stop in way.stops)
    return Arrival(
        way.trail,
        last.answer,
        last.target.host,
        last.address.text,
        last.target.secure,
        tuple((host, handshake) for host, handshake in handshakes if handshake is not None),
    )
