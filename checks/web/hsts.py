"""web.hsts: does the site tell browsers to come over an encrypted connection only? (RFC 6797)."""

from collections.abc import Iterator
from datetime import timedelta

from checks.contract import (
    BAD_CERTIFICATE,
    NO_HTTPS,
    NO_WEB,
    PAGE_NOT_SHOWN,
    Check,
    Evidence,
    Json,
    Outcome,
    Verdict,
    failed,
    passed,
)
from checks.evidence.web import HttpAnswer, Trails, WebHost, WebHosts
from checks.records.doorkeepers import is_doorkeepers
from checks.records.good_certificates import is_bad
from checks.records.hsts import parse
from checks.web.headers import shown, snippets

ON = passed("on")
ABSENT = failed("absent")
INVALID = failed("invalid")
SHORT = failed("short")

HALF_A_YEAR = timedelta(days=182.5)
_WORST_FIRST = (ABSENT, INVALID, SHORT, ON, PAGE_NOT_SHOWN)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host. Browsers ignore the header where the certificate is bad: that is told once, there."""
    web, trails = evidence.part(WebHosts), evidence.part(Trails)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        if not host.encrypted:
            yield Verdict(host.without_https, host.host)
        elif trails.leads_back(host):
            yield Verdict(NO_HTTPS, host.host)  # browsers that heeded it could not open the site at all
        elif any(is_bad(seen, host.host, web.seen_at) for _address, seen in host.handshakes):
            yield Verdict(BAD_CERTIFICATE, host.host)
        else:
            yield _of(host)


def _of(host: WebHost) -> Verdict:
    answers = [(door.address, door.https.answer) for door in host.encrypted if door.https.answer]
    if not answers:
        return Verdict(host.encrypted[0].https.reason, host.host)
    states = [(address, *_state(answer)) for address, answer in answers]
    worst = next(outcome for outcome in _WORST_FIRST if any(state is outcome for _address, state, _facts in states))
    facts = next(each for _address, state, each in states if state is worst)
    facts["addresses"] = [address for address, state, _facts in states if state is worst]
    snippets = SNIPPETS if worst in {ABSENT, INVALID, SHORT} else ()
    return Verdict(worst, host.host, facts, snippets=snippets)


def _state(answer: HttpAnswer) -> tuple[Outcome, dict[str, Json]]:
    """One address's answer. Of several headers the first counts (RFC 6797, section 8.1); max-age=0 takes it back."""
    headers = answer.values("strict-transport-security")
    facts: dict[str, Json] = {"status": answer.status, "header": shown(headers[:1])}
    if answer.status >= 400 or is_doorkeepers(answer):  # noqa: PLR2004 - an error page, with headers of its own
        return PAGE_NOT_SHOWN, facts
    if not headers:
        return ABSENT, facts
    policy = parse(headers[0])
    if policy is None:
        return INVALID, facts
    facts["max_age"] = policy.max_age
    facts["days"] = policy.max_age // 86400
    if policy.max_age == 0:
        return ABSENT, facts
    return (ON if policy.max_age >= HALF_A_YEAR.total_seconds() else SHORT), facts


SNIPPETS = snippets("Strict-Transport-Security", "max-age=31536000")
"""One year, for this host alone: what is below it may not be ready, and is not ours to promise."""

CHECK = Check(
    "web.hsts",
    needs=(WebHosts, Trails),
    outcomes=(ON, ABSENT, INVALID, SHORT),
    judge=judge,
)
