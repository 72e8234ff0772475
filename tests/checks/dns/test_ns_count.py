import pytest

from checks.dns.ns_count import CHECK
from checks.evidence.authority import NameServers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from tests.checks.dns.authorities import A6, B6, DOMAIN, FAR, PRIVATE, A, B, listing, server
from tests.checks.telling import judged, nothing

NO_NS = nothing(DOMAIN, "NS")
GONE = server("gone.fi")
SILENT = server("b.fi", lookup=Lookup.TIMEOUT)


@pytest.mark.parametrize(
    ("servers", "outcome", "count"),
    [
        ((server("a.fi", A), server("b.fi", B)), "enough", 2),
        ((server("a.fi", A, A6), server("b.fi", B, B6)), "enough", 2),
        ((server("a.fi", A), server("b.fi", B6)), "enough", 2),
        ((server("a.fi", A, FAR),), "enough", 2),
        ((server("a.fi", A), server("b.fi", PRIVATE)), "enough", 2),
        ((server("a.fi", A), server("b.fi", A), server("c.fi", B)), "enough", 2),
        ((server("a.fi", A), server("b.fi", B), SILENT), "enough", 2),
        ((server("a.fi", A),), "only-one", 1),
        ((server("a.fi", A, A6),), "only-one", 1),
        ((server("a.fi", A), GONE), "only-one", 1),
        ((server("a.fi", A), server("b.fi", A)), "one-address", 1),
        ((server("a.fi", A, A6), server("b.fi", A6, A)), "one-address", 1),
        ((server("a.fi", A), SILENT), "dns-timeout", 1),
        ((GONE,), "only-one", 1),
        ((server("a.fi", A), server("b.fi", A, A6)), "one-address", 1),
        ((server("a.fi", A), server("b.fi", A, A6), server("c.fi", B6)), "enough", 2),
        ((server("a.fi", A, lookup=Lookup.TIMEOUT),), "dns-timeout", 1),
        ((server("a.fi", A), server("b.fi", A, lookup=Lookup.FAILED)), "dns-failed", 1),
        ((server("a.fi", A, lookup=Lookup.TIMEOUT), server("b.fi", B)), "enough", 2),
    ],
)
def test_verdict(servers: tuple[HostAddresses, ...], outcome: str, count: int) -> None:
    verdict = judged(CHECK, DOMAIN, *listing(*servers))
    assert (verdict.outcome.name, verdict.subject, verdict.facts["count"]) == (outcome, DOMAIN, count)


def test_facts() -> None:
    verdict = judged(CHECK, DOMAIN, *listing(server("a.fi", A, A6), server("b.fi", B), GONE))
    assert dict(verdict.facts) == {
        "zone": "firm.fi",
        "name_servers": ["a.fi", "b.fi"],
        "addresses": [A, B, A6],
        "count": 2,
    }


@pytest.mark.parametrize(
    ("delegation", "outcome"),
    [
        (Delegation(NO_NS, nothing("firm.fi", "NS")), "none-seen"),
        (Delegation(nothing("firm.fi", "NS")), "none-seen"),
        (Delegation(nothing("firm.fi", "NS", Lookup.TIMEOUT)), "dns-timeout"),
        (Delegation(nothing("firm.fi", "NS", Lookup.FAILED)), "dns-failed"),
        (Delegation(NO_NS, nothing("firm.fi", "NS", Lookup.TIMEOUT)), "dns-timeout"),
        (Delegation(Answer("www.firm.fi", "NS", Lookup.FOUND, ("a.cdn.fi",), alias="cdn.fi")), "none-seen"),
    ],
)
def test_without_servers(delegation: Delegation, outcome: str) -> None:
    verdict = judged(CHECK, DOMAIN, delegation, NameServers(delegation.zone))
    assert (verdict.outcome.name, verdict.subject, dict(verdict.facts)) == (outcome, DOMAIN, {})
