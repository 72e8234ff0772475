import pytest

from checks.dns.open_recursion import CHECK
from checks.evidence.authority import DirectAnswer, Recursion, RecursionAnswer
from checks.evidence.lookups import Reach
from tests.checks.dns.authorities import DOMAIN, A, B, asked, knows, listing, missed, recursion, says, server
from tests.checks.telling import judged

ONE, TWO = server("a.fi", A), server("b.fi", B)
REFUSES = RecursionAnswer(A, Reach.OK, "REFUSED")


def verdict_on(second: RecursionAnswer, first: RecursionAnswer = REFUSES, direct: DirectAnswer | None = None) -> str:
    answers = asked((ONE, (direct or knows(A),)), (TWO, (missed(B),)))
    return judged(CHECK, DOMAIN, *listing(ONE, TWO), answers, recursion((ONE, first), (TWO, second))).outcome.name


@pytest.mark.parametrize("rcode", ["REFUSED", "NOERROR", "SERVFAIL", "NXDOMAIN", "NOTIMP"])
def test_server_that_looks_nothing_up_is_closed(rcode: str) -> None:
    assert verdict_on(RecursionAnswer(B, Reach.OK, rcode)) == "closed"


def test_server_that_looks_names_up_and_knows_its_own_zone_is_open() -> None:
    assert verdict_on(RecursionAnswer(B, Reach.OK, "NOERROR", recursed=True, itself=True)) == "open"


def test_resolver_on_the_way_is_not_the_server() -> None:
    caught = RecursionAnswer(A, Reach.OK, "NOERROR", recursed=True)
    assert verdict_on(caught, caught, says(A, "NOERROR")) == "unclear-reply"
    assert verdict_on(caught) == "unclear-reply"


def test_refusal_by_somebody_on_the_way_is_unknown() -> None:
    assert verdict_on(RecursionAnswer(B, Reach.OK, "REFUSED"), direct=says(A, "REFUSED")) == "unclear-reply"


def test_garbage_is_unknown() -> None:
    assert verdict_on(RecursionAnswer(B, Reach.OK, "FORMERR")) == "unclear-reply"


@pytest.mark.parametrize(
    ("reach", "outcome"), [(Reach.TIMEOUT, "connection-timeout"), (Reach.REFUSED, "connection-refused")]
)
def test_server_that_was_not_reached_is_unknown(reach: Reach, outcome: str) -> None:
    assert verdict_on(RecursionAnswer(B, reach)) == outcome


def test_nobody_is_asked_unless_the_domain_is_the_askers() -> None:
    verdict = judged(CHECK, DOMAIN, *listing(ONE), asked((ONE, (knows(A),))), Recursion(stated=False, answers={}))
    assert (verdict.outcome.name, verdict.subject) == ("not-stated", DOMAIN)


def test_facts_of_a_fault() -> None:
    open_one = RecursionAnswer(B, Reach.OK, "NOERROR", recursed=True, itself=True)
    parts = asked((ONE, (knows(A),))), recursion((ONE, REFUSES), (TWO, open_one))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO), *parts)
    assert dict(verdict.facts) == {"zone": "firm.fi", "asked": ["a.fi", "b.fi"], "open": ["b.fi"]}
    assert verdict.records == ()
