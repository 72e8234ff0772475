from datetime import timedelta

import pytest
from msgspec.structs import replace

from checks.dns.dnssec_expiry import CHECK
from checks.evidence.dns import Delegation, ZoneSigning
from checks.evidence.lookups import Answer, Lookup, Signature
from tests.checks.signed_zone import NOW
from tests.checks.telling import found, judged, nothing

DS = found("firm.fi", "DS", "2371 13 2 " + "ab" * 32)
OLD_DS = found("firm.fi", "DS", "2371 5 1 " + "ab" * 20)
NO_DS = nothing("firm.fi", "DS")
SERVERS = Delegation(found("firm.fi", "NS", "a.ns.fi"))


def signed(rdtype: str, left: float, lifetime: float = 28, *, signer: str = "firm.fi", covers: str = "") -> Answer:
    """An answer with one signature; `left` and `lifetime` in days."""
    ends = NOW + timedelta(days=left)
    made = Signature(covers or rdtype, 13, 2371, signer, ends - timedelta(days=lifetime), ends)
    return replace(found("firm.fi", rdtype, "x"), signatures=(made,))


def both(one: Answer, other: Answer) -> Answer:
    return replace(one, signatures=(*one.signatures, *other.signatures))


def signing(*samples: Answer, keys: Answer | None = None, vouchers: Answer = DS) -> ZoneSigning:
    return ZoneSigning("firm.fi", NOW, samples or (signed("SOA", 20),), keys or signed("DNSKEY", 20), vouchers)


CASES = [
    ("fresh", signing(signed("SOA", 20))),
    # Seven days, and a quarter of the lifetime: late is what is short of both.
    ("fresh", signing(signed("SOA", 7.1, 40))),
    ("running-out", signing(signed("SOA", 6.9, 40))),
    ("fresh", signing(signed("SOA", 6.9, 27))),
    ("running-out", signing(signed("SOA", 6.9, 28))),
    # What a machine signs for two days, every day.
    ("fresh", signing(signed("SOA", 0.9, 2))),
    ("running-out", signing(signed("SOA", 0.1, 2))),
    # What Knot signs for a fortnight, and renews when a tenth of it is left.
    ("fresh", signing(signed("SOA", 1.5, 14))),
    ("running-out", signing(signed("SOA", 1.3, 14))),
    ("running-out", signing(signed("SOA", 20), keys=signed("DNSKEY", 3))),
    ("running-out", signing(signed("SOA", 20), signed("A", 3))),
    # While keys change, the later signature carries the records.
    ("fresh", signing(both(signed("SOA", 3), signed("SOA", 20)))),
    ("fresh", signing(both(signed("SOA", -3), signed("SOA", 20)))),
    # Where an alias leads, others sign.
    ("fresh", signing(signed("SOA", 20), both(signed("A", 20, covers="CNAME"), signed("A", 1, signer="cdn.example")))),
    ("not-valid", signing(signed("SOA", -1))),
    ("not-valid", signing(signed("SOA", 20), replace(signed("A", 3), bogus=True))),
    ("not-valid", signing(found("firm.fi", "SOA", "x"), keys=nothing("firm.fi", "DNSKEY"))),
    ("not-signed", signing(signed("SOA", 1), vouchers=NO_DS)),
    ("not-signed", signing(signed("SOA", 1), vouchers=OLD_DS)),
    ("dns-timeout", signing(nothing("firm.fi", "SOA", Lookup.TIMEOUT))),
    ("dns-failed", signing(keys=nothing("firm.fi", "DNSKEY", Lookup.FAILED))),
    ("dns-timeout", signing(vouchers=nothing("firm.fi", "DS", Lookup.TIMEOUT))),
]


@pytest.mark.parametrize(("outcome", "seen"), CASES)
def test_verdict(outcome: str, seen: ZoneSigning) -> None:
    verdict = judged(CHECK, "firm.fi", seen, SERVERS)
    assert (verdict.outcome.name, verdict.subject) == (outcome, "firm.fi")


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()


def test_facts_name_the_first_to_run_out() -> None:
    verdict = judged(CHECK, "firm.fi", signing(signed("SOA", 20), signed("MX", 12.5)), SERVERS)
    assert dict(verdict.facts) == {
        "zone": "firm.fi",
        "expires": (NOW + timedelta(days=12.5)).isoformat(),
        "days_left": 12,
        "lifetime_days": 28,
        "covers": "MX",
    }


@pytest.mark.parametrize(
    ("servers", "outcome"),
    [(nothing("firm.fi", "NS"), "not-signed"), (nothing("firm.fi", "NS", Lookup.FAILED), "dns-failed")],
)
def test_no_zone(servers: Answer, outcome: str) -> None:
    assert judged(CHECK, "firm.fi", ZoneSigning(None, NOW), Delegation(servers)).outcome.name == outcome
