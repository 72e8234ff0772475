import pytest

from checks.dns.soa_consistency import CHECK
from checks.evidence.authority import Contents, DirectAnswer
from checks.evidence.lookups import Reach
from tests.checks.dns.authorities import DOMAIN, FAR, A, B, asked, knows, listing, missed, says, server
from tests.checks.telling import judged

ONE, TWO, THREE = server("a.fi", A), server("b.fi", B), server("c.fi", FAR)


NEW = Contents("a.fi", Reach.OK, {f"{DOMAIN} A": ("192.0.2.1",)})
OLD = Contents("b.fi", Reach.OK, {f"{DOMAIN} A": ("192.0.2.2",)})


def verdict_on(*answers: DirectAnswer, contents: tuple[Contents, ...] = (NEW, OLD)) -> tuple[str, str]:
    servers = (ONE, TWO, THREE)[: len(answers)]
    pairs = [(each, (answer,)) for each, answer in zip(servers, answers, strict=True)]
    verdict = judged(CHECK, DOMAIN, *listing(*servers), asked(*pairs, contents=contents))
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


def told(host: str, reach: Reach = Reach.OK, **records: tuple[str, ...]) -> Contents:
    """What a server tells, by type of record."""
    return Contents(host, reach, {f"{DOMAIN} {rdtype}": texts for rdtype, texts in records.items()})


def several(*last: int) -> tuple[str, ...]:
    return tuple(f"192.0.2.{number}" for number in last)


SAID = told("a.fi", A=several(1), TXT=("x",))


@pytest.mark.parametrize(
    ("contents", "outcome"),
    [
        ((SAID, told("b.fi", A=several(1), TXT=("x",))), ("numbered-apart", DOMAIN)),
        ((SAID, told("b.fi", A=several(2), TXT=("x",))), ("different", DOMAIN)),
        ((SAID, told("b.fi", A=(), TXT=("x",))), ("different", DOMAIN)),
        ((SAID, told("b.fi", A=several(1), TXT=("x", "y"))), ("different", DOMAIN)),
        # A few of many addresses, in turn
        ((told("a.fi", A=several(1, 2)), told("b.fi", A=several(2, 3))), ("numbered-apart", DOMAIN)),
        ((told("a.fi", A=several(1, 2)), told("b.fi", A=several(3, 4))), ("different", DOMAIN)),
        ((told("a.fi", MX=("10 a.", "20 b.")), told("b.fi", MX=("10 a.", "20 c."))), ("different", DOMAIN)),
        # What was not heard is not compared, and leaves it open
        ((SAID, told("b.fi", Reach.REFUSED)), ("connection-refused", "b.fi")),
        ((SAID, told("b.fi", Reach.TIMEOUT, A=several(1))), ("connection-timeout", "b.fi")),
        ((SAID, told("b.fi", A=several(1))), ("unclear-reply", "b.fi")),
        ((SAID, told("b.fi", Reach.TIMEOUT, A=several(2))), ("different", DOMAIN)),
        ((told("a.fi"), told("b.fi")), ("unclear-reply", "a.fi")),
    ],
)
def test_only_what_visitors_would_notice_is_a_fault(contents: tuple[Contents, ...], outcome: tuple[str, str]) -> None:
    assert verdict_on(knows(A, 7), knows(B, 6), contents=contents) == outcome


def test_what_differs_is_named() -> None:
    pairs = ((ONE, (knows(A, 7),)), (TWO, (knows(B, 6),)))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO), asked(*pairs, contents=(NEW, OLD)))
    assert verdict.facts["differing"] == [f"{DOMAIN} A"]


def test_two_addresses_of_one_server_may_differ() -> None:
    both = server("a.fi", A, B)
    verdict = judged(CHECK, DOMAIN, *listing(both), asked((both, (knows(A, 7), knows(B, 6))), contents=(NEW, OLD)))
    assert (verdict.outcome.name, verdict.facts["behind"]) == ("different", ["a.fi"])


def test_facts_name_who_is_behind_across_the_turn_of_the_counter() -> None:
    pairs = ((ONE, (knows(A, 3),)), (TWO, (knows(B, 4294967290),)), (THREE, (knows(FAR, 3),)))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO, THREE), asked(*pairs, contents=(NEW, OLD)))
    assert dict(verdict.facts) == {
        "zone": "firm.fi",
        "serials": ["a.fi 3", "b.fi 4294967290", "c.fi 3"],
        "behind": ["b.fi"],
        "differing": [f"{DOMAIN} A"],
    }
