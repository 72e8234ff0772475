"""tls.https: can the site be reached over an encrypted connection? (RFC 9110, section 4.2.2)."""

from collections.abc import Iterator

from checks.contract import NO_HTTPS, NO_WEB, Check, Evidence, Json, Outcome, Verdict, failed, passed, unknown
from checks.evidence.web import Door, TrailEnd, Trails, WebHost, WebHosts

ENCRYPTED = passed("encrypted")
ABSENT = failed("absent")
LEADS_ON = failed("leads-on")
ERROR_PAGE = unknown("error-page")

_SHOWS_SOMETHING = {*range(200, 300), 401}
"""A page, or the question for a password (RFC 9110, section 15.5.2)."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host. A site that shows itself over http alone, at any of its addresses, fails."""
    web, trails = evidence.part(WebHosts), evidence.part(Trails)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        yield _of(host, trails)


def _of(host: WebHost, trails: Trails) -> Verdict:
    facts: dict[str, Json] = {
        "encrypted": [door.address for door in host.encrypted],
        "unencrypted": [door.address for door in host.unencrypted],
    }
    if host.unencrypted:
        seen = [_in_the_open(host.host, door, trails) for door in host.unencrypted]
        rank = {ABSENT: 0, LEADS_ON: 1}
        outcome, more = min(seen, key=lambda each: rank.get(each[0], len(rank)))
        return Verdict(outcome, host.host, facts | more)
    if host.encrypted:
        return Verdict(ENCRYPTED, host.host, facts)
    assert host.without_https is not NO_HTTPS  # noqa: S101 - that is the fault which this check itself tells
    return Verdict(host.without_https, host.host)


def _in_the_open(host: str, door: Door, trails: Trails) -> tuple[Outcome, dict[str, Json]]:
    """What an address without encryption shows over http: a site, the way to another place, or only an error."""
    trail = trails.trails.get((host, door.address))
    if trail is None:
        status = door.http.answer.status if door.http.answer else None
        return (ABSENT if status in _SHOWS_SOMETHING else ERROR_PAGE), {"status": status}
    facts: dict[str, Json] = {"status": trail.status, "target": trail.urls[-1]}
    if trail.end is TrailEnd.OTHER_SITE or trail.by_page or trail.urls[-1].startswith("https://"):
        return LEADS_ON, facts
    if trail.end is TrailEnd.ANSWERED and trail.status in _SHOWS_SOMETHING:
        return ABSENT, facts
    return trail.reason or ERROR_PAGE, facts


CHECK = Check("tls.https", needs=(WebHosts, Trails), outcomes=(ENCRYPTED, ABSENT, LEADS_ON, ERROR_PAGE), judge=judge)
