"""Which pages a visitor of the domain and its www name sees, each judged once; shared by the checks of this topic."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from checks.contract import (
    BAD_CERTIFICATE,
    LEADS_ELSEWHERE,
    NO_HTTPS,
    NO_WEB,
    PAGE_NOT_SHOWN,
    RATE_LIMITED,
    WAY_LOST,
    Evidence,
    Json,
    Verdict,
)
from checks.evidence.pages import Arrival, FrontPages
from checks.evidence.web import HttpAnswer, TrailEnd, WebHost, WebHosts
from checks.records.doorkeepers import is_doorkeepers
from checks.records.good_certificates import is_bad
from checks.web.headers import MAX_SHOWN


class Page(Struct, frozen=True):
    """An ordinary page over https, by the host that showed it; other hosts may only lead there."""

    host: str
    url: str
    answer: HttpAnswer
    seen_at: datetime


def front_pages(evidence: Evidence) -> Iterator[Page | Verdict]:
    """Each front page, and for a host without one the verdict that says why. Needs `WebHosts` and `FrontPages`."""
    found = evidence.part(FrontPages)
    for each in arrivals(evidence, found.arrivals, found.seen_at):
        if isinstance(each, Verdict):
            yield each
        elif is_shown(each):
            yield Page(each.host, each.trail.urls[-1][:MAX_SHOWN], each.answer, found.seen_at)
        else:
            yield not_shown(each)


def arrivals(evidence: Evidence, found: Mapping[str, Arrival], now: datetime) -> Iterator[Arrival | Verdict]:
    """Where visitors of each host come to over https, or the verdict that says why they do not. Needs `WebHosts`.

    A place to which both hosts lead comes once. No subject comes twice.
    """
    hosts = evidence.part(WebHosts).hosts
    if not hosts:
        yield Verdict(NO_WEB, evidence.domain)
    ends = [_end(host, found.get(host.host), now) for host in hosts]
    seen: dict[str, Arrival | Verdict] = {end.host: end for end in reversed(ends) if isinstance(end, Arrival)}
    for end in ends:
        subject = end.host if isinstance(end, Arrival) else end.subject
        if seen.setdefault(subject, end) is end:
            yield end


def is_shown(arrival: Arrival) -> bool:
    """Whether what was asked for is there, and not an error or a filter's page in its place."""
    return arrival.answer.status == 200 and not is_doorkeepers(arrival.answer)  # noqa: PLR2004 - RFC 9110, section 15.3.1


def not_shown(arrival: Arrival) -> Verdict:
    """What there is to say where another answer came than an ordinary page; redirects have been followed."""
    facts: dict[str, Json] = {"status": arrival.answer.status, "page": arrival.trail.urls[-1][:MAX_SHOWN]}
    limited = arrival.answer.status == 429 or (arrival.answer.status == 503 and arrival.answer.values("retry-after"))  # noqa: PLR2004 - RFC 6585, section 4, and RFC 9110, section 15.6.4
    return Verdict(RATE_LIMITED if limited else PAGE_NOT_SHOWN, arrival.host, facts)


def _end(host: WebHost, arrival: Arrival | None, now: datetime) -> Arrival | Verdict:
    if not host.encrypted or arrival is None:
        reason = host.encrypted[0].https.reason if host.encrypted else host.without_https
        return Verdict(reason, host.host)
    trail = arrival.trail
    facts: dict[str, Json] = {"target": trail.urls[-1][:MAX_SHOWN]}
    if any(is_bad(seen, name, now) for name, seen in arrival.handshakes):
        return Verdict(BAD_CERTIFICATE, host.host)
    match trail.end:
        case TrailEnd.ANSWERED:
            return arrival if arrival.secure else Verdict(NO_HTTPS, host.host)
        case TrailEnd.OTHER_SITE:
            return Verdict(LEADS_ELSEWHERE, host.host, facts)
        case TrailEnd.NO_ANSWER if trail.reason is not None:
            return Verdict(trail.reason, host.host, facts)
        case _:
            return Verdict(WAY_LOST, host.host, facts)
