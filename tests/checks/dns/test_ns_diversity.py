import pytest

from checks.dns.ns_diversity import CHECK
from checks.evidence.lookups import HostAddresses, Lookup
from tests.checks.dns.authorities import A6, B6, DOMAIN, FAR, FAR6, PRIVATE, A, B, listing, server
from tests.checks.telling import judged

SILENT = server("c.fi", lookup=Lookup.FAILED)


@pytest.mark.parametrize(
    ("servers", "outcome", "subject"),
    [
        ((server("a.fi", A), server("b.fi", B)), "one-network", DOMAIN),
        ((server("a.fi", A, A6), server("b.fi", B, B6)), "one-network", DOMAIN),
        ((server("a.fi", A, A6), server("b.fi", B)), "one-network", DOMAIN),
        ((server("a.fi", A6), server("b.fi", B6)), "one-network", DOMAIN),
        ((server("a.fi", A), server("b.fi", B), server("gone.fi")), "one-network", DOMAIN),
        ((server("a.fi", A), server("b.fi", FAR)), "several", DOMAIN),
        ((server("a.fi", A, A6), server("b.fi", B, FAR6)), "several", DOMAIN),
        ((server("a.fi", A, A6), server("b.fi", FAR, B6)), "several", DOMAIN),
        ((server("a.fi", A), server("b.fi", B6)), "several", DOMAIN),
        ((server("a.fi", A), server("b.fi", FAR), SILENT), "several", DOMAIN),
        ((server("a.fi", A), server("b.fi", B), SILENT), "dns-failed", "c.fi"),
        ((server("a.fi", A), server("b.fi", B), server("c.fi", PRIVATE)), "address-not-public", "c.fi"),
        ((server("a.fi", A), server("b.fi", PRIVATE)), "address-not-public", "b.fi"),
        ((server("a.fi", A), server("b.fi", A)), "one-name-server", DOMAIN),
        ((server("a.fi", A), server("gone.fi")), "one-name-server", DOMAIN),
        ((server("gone.fi"),), "one-name-server", DOMAIN),
        ((server("a.fi", A, lookup=Lookup.TIMEOUT), server("b.fi", B)), "dns-timeout", "a.fi"),
        ((server("a.fi", A), server("b.fi", B6, lookup=Lookup.FAILED)), "dns-failed", "b.fi"),
        ((server("a.fi", A, lookup=Lookup.TIMEOUT), server("b.fi", FAR)), "several", DOMAIN),
    ],
)
def test_verdict(servers: tuple[HostAddresses, ...], outcome: str, subject: str) -> None:
    verdict = judged(CHECK, DOMAIN, *listing(*servers))
    assert (verdict.outcome.name, verdict.subject) == (outcome, subject)


def test_networks_are_those_that_the_internet_routes() -> None:
    verdict = judged(CHECK, DOMAIN, *listing(server("a.fi", A, A6), server("b.fi", FAR)))
    assert verdict.facts["networks"] == ["185.26.1.0/24", "192.0.1.0/24", "2a00:1::/48"]
