"""tls.expiry: is the certificate within its dates, and will it be for a while? (RFC 5280, section 4.1.2.5)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.contract import OUR_ERROR, Check, Evidence, Json, Outcome, Verdict, failed, passed
from checks.evidence.tls import Certificate
from checks.evidence.web import WebHost, WebHosts
from checks.tls.hosts import each_host, leaves

VALID = passed("valid")
EXPIRED = failed("expired")
NOT_YET_VALID = failed("not-yet-valid")
SOON = failed("soon")

NOTICE = timedelta(days=14)
"""Below this it is late, if it is also in the last quarter of its lifetime: six days of validity are no fault."""

_WORST_FIRST = (EXPIRED, NOT_YET_VALID, SOON, VALID)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the certificate that is worst off, and of equals the first to expire."""
    yield from each_host(evidence, _of)


def _of(host: WebHost, now: datetime) -> Verdict:
    seen = sorted(
        ((_WORST_FIRST.index(_state(leaf, now)), leaf.not_after, address, leaf) for address, leaf in leaves(host)),
        key=lambda each: each[:3],
    )
    if not seen:
        return Verdict(OUR_ERROR, host.host)
    rank, _not_after, _address, leaf = seen[0]
    facts: dict[str, Json] = {
        "addresses": [address for each, _until, address, _leaf in seen if each == rank],
        "valid_from": leaf.not_before.isoformat(),
        "expires": leaf.not_after.isoformat(),
        "days_left": (leaf.not_after - now).days,
        "authority": leaf.authority,
    }
    return Verdict(_WORST_FIRST[rank], host.host, facts)


def _state(leaf: Certificate, now: datetime) -> Outcome:
    if leaf.not_after < now:
        return EXPIRED
    if leaf.not_before > now:
        return NOT_YET_VALID
    lifetime, left = leaf.not_after - leaf.not_before, leaf.not_after - now
    return SOON if left < min(NOTICE, lifetime / 4) else VALID


CHECK = Check("tls.expiry", needs=(WebHosts,), outcomes=(VALID, EXPIRED, NOT_YET_VALID, SOON), judge=judge)
