"""Follows redirects within the domain, as its visitors' browsers do (RFC 9110, section 15.4)."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Outcome
from checks.evidence.web import HttpAnswer, Trail, TrailEnd, Visit
from checks.gather.visits import Visits
from checks.records.doorkeepers import is_doorkeepers
from checks.records.locations import Target, resolve
from checks.records.page import leads_to_https

MAX_REDIRECTS = 10


class Stop(Struct, frozen=True):
    """One visit on the way that gave an answer."""

    target: Target
    address: VettedAddress
    visit: Visit
    answer: HttpAnswer


class Way(Struct, frozen=True):
    """A trail, and the visits that it consists of: at least one."""

    trail: Trail
    stops: tuple[Stop, ...]


async def follow(visits: Visits, start: Target, address: VettedAddress, *, whole: bool = False) -> Way | None:
    """The way from one URL at one address. None where that gave no answer to begin with.

    `whole`: all of each page is wanted (see `gather.http`), but for front pages, which are visited anyhow.
    """
    stops: list[Stop] = []
    targets = [start]
    seen: Stop | Outcome | None = await _look(visits, start, address, whole=whole)
    while isinstance(seen, Stop):
        stops.append(seen)
        if seen.answer.location is None:
            return _way(targets, TrailEnd.ANSWERED, stops)
        target = resolve(seen.target, seen.answer.location)
        end = _end(visits.gathering.domain, targets, target)
        if end is not None or not isinstance(target, Target):
            return _way([*targets, target], end or TrailEnd.NOT_FOLLOWED, stops)
        targets.append(target)
        seen = await _go_on(visits, target, whole=whole)
    if not stops:
        return None
    return _way(targets, TrailEnd.TOO_MANY if seen is None else TrailEnd.NO_ANSWER, stops, seen)


def _way(targets: Sequence[Target | str], end: TrailEnd, stops: list[Stop], reason: Outcome | None = None) -> Way:
    last = stops[-1]
    if end is TrailEnd.ANSWERED and not last.target.secure and is_doorkeepers(last.answer):
        end, reason = TrailEnd.NO_ANSWER, contract.PAGE_NOT_SHOWN
    by_page = end is TrailEnd.ANSWERED and not last.target.secure and leads_to_https(last.answer.page)
    trail = Trail(tuple(str(target) for target in targets), end, last.answer.status, reason, by_page=by_page)
    return Way(trail, tuple(stops))


def _end(domain: str, targets: Sequence[Target], target: Target | str) -> TrailEnd | None:
    """Why that redirect is not followed. None where it is."""
    if not isinstance(target, Target):
        return TrailEnd.NOT_FOLLOWED
    if not target.is_within(domain):
        return TrailEnd.OTHER_SITE
    return TrailEnd.TOO_MANY if target in targets or len(targets) > MAX_REDIRECTS else None


async def _go_on(visits: Visits, target: Target, *, whole: bool) -> Stop | Outcome | None:
    """The next stop, at the first address of that host; what is wrong with another shows in its own trail.

    None where one more visit is above the number that we allow ourselves; why, where there is no answer.
    """
    try:
        async with asyncio.timeout_at(visits.until):
            site = await visits.site(target.host)
            if site.unseen is not None:
                return site.unseen
            if not visits.may_visit(site.chosen[0], target, whole=whole and target.path != "/"):
                return None
            return await _look(visits, target, site.chosen[0], whole=whole)
    except TimeoutError:
        return contract.CONNECTION_TIMEOUT


async def _look(visits: Visits, target: Target, address: VettedAddress, *, whole: bool) -> Stop | Outcome:
    visit = await visits.visit(address, target, whole=whole and target.path != "/")
    return visit.reason if visit.answer is None else Stop(target, address, visit, visit.answer)
