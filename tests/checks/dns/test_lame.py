import pytest

from checks.dns.lame import CHECK
from checks.evidence.authority import DirectAnswer, NameServers, ServerAnswers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import HostAddresses, Lookup, Reach
from tests.checks.dns.authorities import (
    A6,
    B6,
    DOMAIN,
    FAR,
    NOW,
    PRIVATE,
    A,
    B,
    asked,
    knows,
    listing,
    missed,
    says,
    server,
)
from tests.checks.telling import judged, nothing

ONE, TWO, THREE = server("a.fi", A, A6), server("b.fi", B, B6), server("c.fi", FAR)
Replies = tuple[tuple[HostAddresses, tuple[DirectAnswer, ...]], ...]
GOOD = (ONE, (knows(A), knows(A6)))


def verdict_on(*replies: tuple[HostAddresses, tuple[DirectAnswer, ...]]) -> tuple[str, str]:
    verdict = judged(CHECK, DOMAIN, *listing(*(each for each, _ in replies)), asked(*replies))
    return verdict.outcome.name, verdict.subject


@pytest.mark.parametrize("rcode", ["REFUSED", "NXDOMAIN", "NOTAUTH", "NOERROR"])
def test_server_that_says_it_does_not_know_the_zone(rcode: str) -> None:
    assert verdict_on(GOOD, (TWO, (says(B, rcode), missed(B6)))) == ("lame", DOMAIN)


@pytest.mark.parametrize("rcode", ["FORMERR", "NOTIMP", "BADVERS", "SERVFAIL"])
def test_server_that_only_stumbles_over_the_question(rcode: str) -> None:
    assert verdict_on(GOOD, (TWO, (says(B, rcode),))) == ("unclear-reply", "b.fi")


@pytest.mark.parametrize(
    ("reach", "outcome"),
    [
        (Reach.TIMEOUT, "connection-timeout"),
        (Reach.REFUSED, "connection-refused"),
        (Reach.FAILED, "connection-failed"),
        (Reach.BLOCKED_HERE, "blocked-from-here"),
        (Reach.BUSY_HERE, "busy-here"),
    ],
)
def test_server_that_was_not_reached_is_not_lame(reach: Reach, outcome: str) -> None:
    assert verdict_on(GOOD, (TWO, (missed(B, reach), missed(B6, Reach.BLOCKED_HERE)))) == (outcome, "b.fi")


def test_one_address_that_answers_is_enough() -> None:
    assert verdict_on(GOOD, (TWO, (knows(B), missed(B6)))) == ("all-know", DOMAIN)
    assert verdict_on(GOOD, (TWO, (missed(B), knows(B6)))) == ("all-know", DOMAIN)


def test_one_address_that_is_lame_is_a_fault() -> None:
    assert verdict_on(GOOD, (TWO, (knows(B), says(B6, "REFUSED")))) == ("lame", DOMAIN)


@pytest.mark.parametrize("rcode", ["REFUSED", "NOERROR", "SERVFAIL"])
def test_resolver_on_the_way_that_answers_for_all_accuses_nobody(rcode: str) -> None:
    assert verdict_on((ONE, (says(A, rcode),)), (TWO, (says(B, rcode),))) == ("unclear-reply", "a.fi")


def test_resolver_on_the_way_of_one_kind_of_address_accuses_nobody() -> None:
    replies = ((ONE, (says(A, "REFUSED"), knows(A6))), (TWO, (says(B, "REFUSED"), knows(B6))))
    assert verdict_on(*replies) == ("all-know", DOMAIN)
    assert verdict_on(*replies, (THREE, (says(FAR, "REFUSED"),))) == ("unclear-reply", "c.fi")


def test_server_inside_a_private_network_is_not_asked() -> None:
    assert verdict_on(GOOD, (server("b.fi", PRIVATE), ())) == ("address-not-public", "b.fi")


def test_server_whose_name_leads_nowhere_is_another_fault() -> None:
    assert verdict_on(GOOD, (server("gone.fi"), ())) == ("all-know", DOMAIN)
    assert verdict_on(GOOD, (server("b.fi", lookup=Lookup.TIMEOUT), ())) == ("dns-timeout", "b.fi")


def test_facts_of_a_fault() -> None:
    replies = (GOOD, (TWO, (says(B, "REFUSED"), missed(B6))), (THREE, (missed(FAR),)))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO, THREE), asked(*replies))
    assert dict(verdict.facts) == {
        "zone": "firm.fi",
        "asked": ["a.fi", "b.fi", "c.fi"],
        "lame": ["b.fi"],
        "replies": [f"{B} REFUSED"],
    }
    assert verdict.records == ()


@pytest.mark.parametrize(
    ("delegation", "outcome"),
    [
        (Delegation(nothing("firm.fi", "NS")), "no-name-servers"),
        (Delegation(nothing("firm.fi", "NS", Lookup.TIMEOUT)), "dns-timeout"),
        (Delegation(nothing("firm.fi", "NS", Lookup.FAILED)), "dns-failed"),
    ],
)
def test_without_servers(delegation: Delegation, outcome: str) -> None:
    verdict = judged(CHECK, DOMAIN, delegation, NameServers(None), ServerAnswers((), NOW))
    assert (verdict.outcome.name, verdict.subject) == (outcome, DOMAIN)


def test_network_that_lets_nobody_ask_is_our_own_limit() -> None:
    silence = asked((ONE, (missed(A), missed(A6))), (TWO, (missed(B),)))
    blocked = ServerAnswers(silence.servers, silence.seen_at, blocked_here=True)
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO), blocked)
    assert (verdict.outcome.name, verdict.subject, verdict.facts["blocked"]) == ("blocked-from-here", DOMAIN, "port-53")
