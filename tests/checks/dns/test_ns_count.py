import pytest

from checks.dns.ns_count import CHECK
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, Lookup
from tests.checks.telling import found, judged, nothing

NO_NS = nothing("shop.firm.fi", "NS")


@pytest.mark.parametrize(
    ("delegation", "outcome", "facts"),
    [
        (
            Delegation(found("firm.fi", "NS", "b.ns.fi", "a.ns.fi")),
            "enough",
            {"zone": "firm.fi", "name_servers": ["a.ns.fi", "b.ns.fi"], "count": 2},
        ),
        (
            Delegation(found("firm.fi", "NS", "a.ns.fi")),
            "only-one",
            {"zone": "firm.fi", "name_servers": ["a.ns.fi"], "count": 1},
        ),
        (
            Delegation(NO_NS, found("firm.fi", "NS", "a.ns.fi", "b.ns.fi")),
            "enough",
            {"zone": "firm.fi", "name_servers": ["a.ns.fi", "b.ns.fi"], "count": 2},
        ),
        (Delegation(NO_NS, nothing("firm.fi", "NS")), "none-seen", {}),
        (Delegation(nothing("firm.fi", "NS")), "none-seen", {}),
        (Delegation(nothing("firm.fi", "NS", Lookup.TIMEOUT)), "dns-timeout", {}),
        (Delegation(nothing("firm.fi", "NS", Lookup.FAILED)), "dns-failed", {}),
        (Delegation(NO_NS, nothing("firm.fi", "NS", Lookup.TIMEOUT)), "dns-timeout", {}),
    ],
)
def test_verdict(delegation: Delegation, outcome: str, facts: dict[str, object]) -> None:
    verdict = judged(CHECK, "shop.firm.fi", delegation)
    assert (verdict.outcome.name, verdict.subject, dict(verdict.facts)) == (outcome, "shop.firm.fi", facts)


def test_servers_behind_an_alias_are_not_the_domains_own() -> None:
    behind = Answer("www.firm.fi", "NS", Lookup.FOUND, ("a.cdn.example",), alias="cdn.example")
    assert judged(CHECK, "www.firm.fi", Delegation(behind)).outcome.name == "none-seen"
