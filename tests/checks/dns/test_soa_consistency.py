import pytest

from checks.dns.soa_consistency import CHECK
from checks.evidence.authority import DirectAnswer
from tests.checks.dns.authorities import DOMAIN, FAR, A, B, asked, knows, listing, missed, says, server
from tests.checks.telling import judged

ONE, TWO, THREE = server("a.fi", A), server("b.fi", B), server("c.fi", FAR)


def verdict_on(*answers: DirectAnswer) -> tuple[str, str]:
    servers = (ONE, TWO, THREE)[: len(answers)]
    pairs = [(each, (answer,)) for each, answer in zip(servers, answers, strict=True)]
    verdict = judged(CHECK, DOMAIN, *listing(*servers), asked(*pairs))
    return verdict.outcome.name, verdict.subject


@pytest.mark.parametrize(
    ("answers", "outcome", "subject"),
    [
        ((knows(A, 7), knows(B, 7)), "same", DOMAIN),
        ((knows(A, 7), knows(B, 6)), "different", DOMAIN),
        ((knows(A, 7), knows(B, 6), missed(FAR)), "different", DOMAIN),
        ((knows(A, 7), knows(B, 7), missed(FAR)), "connection-timeout", "c.fi"),
        ((knows(A, 7), knows(B, 7), says(FAR, "REFUSED")), "same", DOMAIN),
        ((knows(A, 7), says(B, "REFUSED")), "one-name-server", DOMAIN),
        ((knows(A, 7),), "one-name-server", DOMAIN),
        ((says(A, "REFUSED"), says(B, "REFUSED")), "unclear-reply", "a.fi"),
        ((knows(A, 2026112301), knows(B, 2026101501)), "just-changed", DOMAIN),
        ((knows(A, 2026112201), knows(B, 2026112200)), "just-changed", DOMAIN),
        ((knows(A, 2026112101), knows(B, 2026112100)), "different", DOMAIN),
        ((knows(A, 1795392000), knows(B, 1795300000)), "just-changed", DOMAIN),
        ((knows(A, 1795000000), knows(B, 1794000000)), "different", DOMAIN),
    ],
)
def test_verdict(answers: tuple[DirectAnswer, ...], outcome: str, subject: str) -> None:
    assert verdict_on(*answers) == (outcome, subject)


def test_two_addresses_of_one_server_may_differ() -> None:
    both = server("a.fi", A, B)
    verdict = judged(CHECK, DOMAIN, *listing(both), asked((both, (knows(A, 7), knows(B, 6)))))
    assert (verdict.outcome.name, verdict.facts["behind"]) == ("different", ["a.fi"])


def test_facts_name_who_is_behind_across_the_turn_of_the_counter() -> None:
    pairs = ((ONE, (knows(A, 3),)), (TWO, (knows(B, 4294967290),)), (THREE, (knows(FAR, 3),)))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO, THREE), asked(*pairs))
    assert dict(verdict.facts) == {
        "zone": "firm.fi",
        "serials": ["a.fi 3", "b.fi 4294967290", "c.fi 3"],
        "behind": ["b.fi"],
    }
