from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from checks.contract import Record
from checks.dns.dnssec import CHECK
from checks.evidence.dns import Delegation, ZoneSigning
from checks.evidence.lookups import Answer, Lookup, Signature, Vantage
from tests.checks.signed_zone import NOW, SignedZone, changed
from tests.checks.telling import found, judged, nothing

# The key and its voucher as cloudflare.com publishes them.
KEY = "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
DS = "2371 13 2 32996839a6d808afe3eb4a795a0e6a7a39a76fc52ff228b22b76f6d63826f2b9"
OLD_DS = "2371 5 1 2bb183af5f22588179a53b0a98631fad1a292118"
ENDS = datetime(2026, 12, 1, tzinfo=UTC)

SOA = found("firm.fi", "SOA", "a.ns.fi. host.firm.fi. 1 2 3 4 5")
KEYS, NO_KEYS = found("firm.fi", "DNSKEY", KEY), nothing("firm.fi", "DNSKEY")
VOUCHED, NOT_VOUCHED = found("firm.fi", "DS", DS, authenticated=True), nothing("firm.fi", "DS")
A = found("firm.fi", "A", "192.0.2.1")
ZONE, EXPIRED = SignedZone(), SignedZone(days=-1)
TRUE_SOA, TRUE_A, TRUE_KEYS = (ZONE.asked(rdtype) for rdtype in ("SOA", "A", "DNSKEY"))
OLD_SOA, OLD_A, OLD_KEYS = (EXPIRED.asked(rdtype) for rdtype in ("SOA", "A", "DNSKEY"))
AWARE = Vantage(validates=True, ipv6=True, resolvers=("r1",), validating=("r1",))
BLIND = Vantage(validates=False, ipv6=True, resolvers=("r1",))


def authentic(answer: Answer) -> Answer:
    signature = Signature(answer.rdtype, 13, 2371, "firm.fi", datetime(2026, 11, 1, tzinfo=UTC), ENDS)
    return replace(answer, authenticated=True, signatures=(signature,))


def bogus(answer: Answer) -> Answer:
    return replace(answer, authenticated=False, bogus=True)


def lost(answer: Answer, lookup: Lookup) -> Answer:
    return replace(answer, lookup=lookup, records=())


CASES: list[tuple[str, tuple[Answer, ...], Answer, Answer, Vantage]] = [
    ("signed", (authentic(SOA), A), authentic(KEYS), VOUCHED, AWARE),
    ("unsigned", (SOA, A), NO_KEYS, NOT_VOUCHED, AWARE),
    ("no-ds", (SOA, A), KEYS, NOT_VOUCHED, AWARE),
    ("outdated", (SOA, A), KEYS, found("firm.fi", "DS", OLD_DS, authenticated=True), AWARE),
    ("bogus", (bogus(SOA), bogus(A)), bogus(KEYS), VOUCHED, AWARE),
    ("bogus", (authentic(SOA), bogus(A)), authentic(KEYS), VOUCHED, AWARE),
    ("bogus", (bogus(SOA), bogus(A)), bogus(NO_KEYS), VOUCHED, AWARE),
    # Our own look at the signatures agrees with the resolver that refused them…
    ("bogus", (EXPIRED.asked("SOA"), bogus(A)), EXPIRED.asked("DNSKEY"), EXPIRED.vouchers(), AWARE),
    (
        "bogus",
        (ZONE.asked("SOA"), changed(ZONE.asked("A"), "192.0.2.66")),
        ZONE.asked("DNSKEY"),
        ZONE.vouchers(),
        AWARE,
    ),
    # … or does not: then it was a name server that hiccuped.
    ("chain-unclear", (ZONE.asked("SOA"), ZONE.asked("A")), ZONE.asked("DNSKEY"), ZONE.vouchers(), AWARE),
    (
        "chain-unclear",
        (ZONE.asked("SOA"), bogus(nothing("firm.fi", "MX"))),
        ZONE.asked("DNSKEY"),
        ZONE.vouchers(),
        AWARE,
    ),
    # An alias may lead to a zone of somebody else's, whose faults are not ours.
    ("signed", (authentic(SOA), replace(bogus(A), alias="cdn.example")), authentic(KEYS), VOUCHED, AWARE),
    # Nobody vouches for a key, so nothing below can be forged: the fault is above, or in the name servers.
    ("chain-unclear", (bogus(SOA), A), NO_KEYS, NOT_VOUCHED, AWARE),
    ("chain-unclear", (bogus(SOA), A), bogus(KEYS), bogus(VOUCHED), AWARE),
    ("chain-unclear", (SOA, A), KEYS, VOUCHED, AWARE),
    ("chain-unclear", (SOA, A), KEYS, replace(VOUCHED, authenticated=False), AWARE),
    ("resolver-does-not-validate", (SOA, A), NO_KEYS, NOT_VOUCHED, BLIND),
    ("resolver-does-not-validate", (SOA, A), KEYS, NOT_VOUCHED, BLIND),
    ("resolver-does-not-validate", (SOA, A), KEYS, VOUCHED, BLIND),
    # Another resolver validates, but this one gave the answers.
    ("resolver-does-not-validate", (SOA, A), NO_KEYS, replace(NOT_VOUCHED, resolver="r2"), AWARE),
    ("dns-timeout", (lost(SOA, Lookup.TIMEOUT), A), NO_KEYS, NOT_VOUCHED, AWARE),
    ("dns-failed", (SOA, A), lost(KEYS, Lookup.FAILED), VOUCHED, AWARE),
    ("dns-failed", (bogus(SOA), A), lost(KEYS, Lookup.FAILED), VOUCHED, AWARE),
    ("dns-timeout", (SOA, A), NO_KEYS, lost(NOT_VOUCHED, Lookup.TIMEOUT), AWARE),
]


@pytest.mark.parametrize(("outcome", "samples", "keys", "vouchers", "vantage"), CASES)
def test_verdict(outcome: str, samples: tuple[Answer, ...], keys: Answer, vouchers: Answer, vantage: Vantage) -> None:
    signing = ZoneSigning("firm.fi", NOW, samples, keys, vouchers)
    verdict = judged(CHECK, "firm.fi", signing, vantage, Delegation(found("firm.fi", "NS", "a.ns.fi")))
    assert (verdict.outcome.name, verdict.subject, verdict.facts["zone"]) == (outcome, "firm.fi", "firm.fi")


@pytest.mark.parametrize(
    ("servers", "outcome"),
    [
        (nothing("firm.fi", "NS"), "no-zone"),
        (nothing("firm.fi", "NS", Lookup.TIMEOUT), "dns-timeout"),
        (nothing("firm.fi", "NS", Lookup.FAILED), "dns-failed"),
    ],
)
def test_no_zone(servers: Answer, outcome: str) -> None:
    verdict = judged(CHECK, "firm.fi", ZoneSigning(None, NOW), AWARE, Delegation(servers))
    assert verdict.outcome.name == outcome


def test_every_outcome_is_reached() -> None:
    reached = {case[0] for case in CASES} | {"no-zone"}
    assert {outcome.name for outcome in CHECK.outcomes} - reached == set()


def test_facts_let_an_expert_compare_key_and_voucher() -> None:
    signing = ZoneSigning("firm.fi", NOW, (authentic(SOA),), authentic(KEYS), VOUCHED)
    verdict = judged(CHECK, "firm.fi", signing, AWARE, Delegation(found("firm.fi", "NS", "a.ns.fi")))
    assert dict(verdict.facts) == {
        "zone": "firm.fi",
        "signed_until": "2026-12-01T00:00:00+00:00",
        "key_tags": [2371],
        "ds_key_tags": [2371],
        "algorithms": [13],
    }


def test_missing_voucher_is_offered_complete() -> None:
    signing = ZoneSigning("cloudflare.com", NOW, (SOA,), KEYS, NOT_VOUCHED)
    verdict = judged(CHECK, "cloudflare.com", signing, AWARE, Delegation(found("cloudflare.com", "NS", "a.ns.fi")))
    assert verdict.records == (Record("add", "cloudflare.com", "DS", DS),)
