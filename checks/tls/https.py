"""tls.https: can the site be reached over an encrypted connection? (RFC 9110, section 4.2.2)."""

from collections.abc import Iterator

from checks.contract import NO_HTTPS, NO_WEB, Check, Evidence, Json, Outcome, Verdict, failed, passed, unknown
from checks.evidence.web import Door, Trail, TrailEnd, Trails, WebHost, WebHosts

ENCRYPTED = passed("encrypted")
ABSENT = failed("absent")
LEADS_BACK = failed("leads-back")
LEADS_ON = failed("leads-on")
ERROR_PAGE = unknown("error-page")


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
        "alias": host.addresses.v4.alias or host.addresses.v6.alias,
    }
    if host.unencrypted:
        seen = [_in_the_open(host.host, door, trails) for door in host.unencrypted]
        rank = {ABSENT: 0, LEADS_ON: 1}
        outcome, more = min(seen, key=lambda each: rank.get(each[0], len(rank)))
        return Verdict(outcome, host.host, facts | more)
    if trails.leads_back(host):
        return Verdict(LEADS_BACK, host.host, facts)
    if host.encrypted:
        return Verdict(ENCRYPTED, host.host, facts)
    assert host.without_https is not NO_HTTPS  # noqa: S101 - that is the fault which this check itself tells
    return Verdict(host.without_https, host.host)


def _in_the_open(host: str, door: Door, trails: Trails) -> tuple[Outcome, dict[str, Json]]:
    """What an address without encryption shows over http: a site, the way to another place, or only an error."""
    answered = Trail((f"http://{host}/",), TrailEnd.ANSWERED, door.http.answer.status if door.http.answer else None)
    trail = trails.trails.get((host, door.address), answered)
    facts: dict[str, Json] = {"status": trail.status, "target": trail.urls[-1]}
    if trail.end is TrailEnd.OTHER_SITE or trail.by_page or trail.urls[-1].startswith("https://"):
        return LEADS_ON, facts
    return (ABSENT if trail.in_the_open else trail.reason or ERROR_PAGE), facts


CHECK = Check(
    "tls.https", needs=(WebHosts, Trails), outcomes=(ENCRYPTED, ABSENT, LEADS_BACK, LEADS_ON, ERROR_PAGE), judge=judge
)
