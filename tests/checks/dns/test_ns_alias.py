import pytest

from checks.dns.ns_alias import CHECK
from checks.evidence.lookups import HostAddresses, Lookup
from tests.checks.dns.authorities import DOMAIN, A, B, listing, server
from tests.checks.telling import judged

SILENT = server("b.fi", lookup=Lookup.TIMEOUT)


@pytest.mark.parametrize(
    ("servers", "outcome", "subject", "aliases"),
    [
        ((server("a.fi", A), server("b.fi", B)), "own-names", DOMAIN, []),
        ((server("a.fi", A), server("b.fi", B, alias="c.fi")), "alias", DOMAIN, ["b.fi"]),
        ((server("a.fi", A), server("b.fi", alias="gone.fi")), "own-names", DOMAIN, []),
        ((server("a.fi", A), server("gone.fi")), "own-names", DOMAIN, []),
        ((server("a.fi", A), SILENT), "dns-timeout", "b.fi", []),
        ((server("a.fi", A, alias="c.fi"), SILENT), "alias", DOMAIN, ["a.fi"]),
    ],
)
def test_verdict(servers: tuple[HostAddresses, ...], outcome: str, subject: str, aliases: list[str]) -> None:
    verdict = judged(CHECK, DOMAIN, *listing(*servers))
    assert (verdict.outcome.name, verdict.subject, verdict.facts["aliases"]) == (outcome, subject, aliases)


def test_alias_is_told_with_where_it_leads() -> None:
    verdict = judged(CHECK, DOMAIN, *listing(server("b.fi", B, alias="c.fi")))
    assert (verdict.facts["targets"], verdict.records) == (["c.fi"], ())
