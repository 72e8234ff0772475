"""web.security_txt: can somebody who finds a flaw tell the right person? (RFC 9116)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.contract import Check, Evidence, Json, Verdict, failed, info, passed, unknown
from checks.evidence.pages import Arrival, SecurityFiles
from checks.evidence.web import WebHosts
from checks.records.http_body import content
from checks.records.security_txt import SecurityTxt, parse
from checks.records.served_file import served
from checks.web.headers import MAX_SHOWN
from checks.web.pages import arrivals, is_shown, not_shown

VALID = passed("valid")
ABSENT = info("absent")
EXPIRED = failed("expired")
MALFORMED = failed("malformed")
UNREADABLE = unknown("unreadable")

PATH = "/.well-known/security.txt"
NEW_LIFE = timedelta(days=360)
"""Less than a year, as the standard recommends (section 2.5.5)."""
_NOTHING_THERE = {404, 410}


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host that has a file of its own, or none."""
    found = evidence.part(SecurityFiles)
    for seen in arrivals(evidence, found.arrivals, found.seen_at):
        yield seen if isinstance(seen, Verdict) else _of(seen, found.seen_at)


def _of(seen: Arrival, now: datetime) -> Verdict:
    """A page of HTML, be it with the status of success, is no such file."""
    facts: dict[str, Json] = {"page": seen.trail.urls[-1][:MAX_SHOWN], "status": seen.answer.status}
    if seen.answer.status in _NOTHING_THERE:
        return Verdict(ABSENT, seen.host, facts)
    if not is_shown(seen):
        return not_shown(seen)
    text = content(seen.answer)
    if text is None:
        return Verdict(ABSENT if _is_page(seen) else UNREADABLE, seen.host, facts)
    file = parse(text)
    return Verdict(ABSENT, seen.host, facts) if file is None else _of_file(seen, file, now, facts)


def _is_page(seen: Arrival) -> bool:
    """Whether it is a page of HTML, so long that we did not see its end."""
    return any("html" in value.lower() for value in seen.answer.values("content-type"))


def _of_file(seen: Arrival, file: SecurityTxt, now: datetime, facts: dict[str, Json]) -> Verdict:
    """How it is, and where that can be known, how it should be."""
    types = seen.answer.values("content-type")
    faults = [*file.faults]
    if not types or types[0].partition(";")[0].strip().lower() != "text/plain":
        faults.append("Content-Type")
    lasts = file.expires is not None and file.expires > now
    expires = file.expiries[0] if lasts else (now + NEW_LIFE).strftime("%Y-%m-%dT00:00:00Z")
    facts |= {"faults": [*faults], "line": f"Expires: {expires}"[:MAX_SHOWN]}
    if file.expires is not None:
        facts["expires"] = file.expires.strftime("%Y-%m-%dT%H:%M:%SZ")
    if lasts and not faults:
        return Verdict(VALID, seen.host, facts)
    lines = file.repaired(expires)
    return Verdict(MALFORMED if faults else EXPIRED, seen.host, facts, snippets=served(PATH, lines) if lines else ())


CHECK = Check(
    "web.security_txt",
    needs=(WebHosts, SecurityFiles),
    outcomes=(VALID, ABSENT, EXPIRED, MALFORMED, UNREADABLE),
    judge=judge,
)
