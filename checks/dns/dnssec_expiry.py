"""dns.dnssec_expiry: will the zone's signatures last until they are renewed? (RFC 4034, section 3.1.5; RFC 6781)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from checks.contract import Check, Evidence, Json, Verdict, failed, not_applicable, passed
from checks.evidence.dns import Delegation, ZoneSigning
from checks.evidence.lookups import Answer, Signature
from checks.records.zone_keys import Voucher

FRESH = passed("fresh")
RUNNING_OUT = failed("running-out")
NOT_SIGNED = not_applicable("not-signed")
NOT_VALID = not_applicable("not-valid")

NOTICE = timedelta(days=7)
LATE_SHARE = 4
SHORT_LIFE = timedelta(days=15)
LATE_SHARE_OF_SHORT = 10
"""Signatures that a machine renews by itself live about two weeks; Knot's come to a tenth of their life, no further."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone that holds the domain: the first of its signatures to run out."""
    signing = evidence.part(ZoneSigning)
    keys, vouchers = signing.keys, signing.vouchers
    if signing.zone is None or keys is None or vouchers is None:
        servers = evidence.part(Delegation).zone_servers
        yield Verdict(NOT_SIGNED if servers.answered else servers.reason, evidence.domain)
        return
    answers = (*signing.samples, keys)
    unanswered = [answer for answer in (signing.samples[0], keys, vouchers) if not answer.answered]
    if unanswered:
        yield Verdict(unanswered[0].reason, evidence.domain)
    elif not any(Voucher.parse(text).current for text in vouchers.records):
        yield Verdict(NOT_SIGNED, evidence.domain)  # nobody checks what the parent does not vouch for
    else:
        yield _of(evidence.domain, signing.zone, list(_lasting(answers, signing.zone)), signing.seen_at, answers)


def _of(domain: str, zone: str, lasting: list[Signature], now: datetime, answers: tuple[Answer, ...]) -> Verdict:
    first = min(lasting, key=lambda signature: signature.expiration, default=None)
    if first is None or first.expiration <= now or any(answer.bogus for answer in answers):
        return Verdict(NOT_VALID, domain)
    left, lifetime = first.expiration - now, first.expiration - first.inception
    facts: dict[str, Json] = {
        "zone": zone,
        "expires": first.expiration.isoformat(),
        "days_left": left.days,
        "lifetime_days": lifetime.days,
        "covers": first.covers,
    }
    share = LATE_SHARE_OF_SHORT if lifetime <= SHORT_LIFE else LATE_SHARE
    return Verdict(RUNNING_OUT if left < min(NOTICE, lifetime / share) else FRESH, domain, facts)


def _lasting(answers: Iterable[Answer], zone: str) -> Iterator[Signature]:
    """The last signature over each set of the zone's own records: one that holds is enough (RFC 4035, section 5.3.3).

    An alias may lead to another zone, whose signatures are somebody else's.
    """
    longest: dict[tuple[str, str, str], Signature] = {}
    for answer in answers:
        for signature in answer.signatures:
            over = (answer.name, answer.rdtype, signature.covers)
            if signature.signer == zone and (over not in longest or longest[over].expiration < signature.expiration):
                longest[over] = signature
    yield from longest.values()


CHECK = Check(
    "dns.dnssec_expiry",
    needs=(Delegation, ZoneSigning),
    outcomes=(FRESH, RUNNING_OUT, NOT_SIGNED, NOT_VALID),
    judge=judge,
)
