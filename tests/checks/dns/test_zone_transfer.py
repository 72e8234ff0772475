import pytest

from checks.dns.zone_transfer import CHECK
from checks.evidence.authority import DirectAnswer, TransferAnswer, ZoneTransfers
from checks.evidence.lookups import Reach
from tests.checks.dns.authorities import (
    DOMAIN,
    PRIVATE,
    A,
    B,
    asked,
    knows,
    listing,
    missed,
    says,
    server,
    transfers,
)
from tests.checks.telling import judged

ONE, TWO = server("a.fi", A), server("b.fi", B)
REFUSES = (ONE, TransferAnswer(A, Reach.OK, "REFUSED"))


def verdict_on(second: TransferAnswer, direct: DirectAnswer | None = None) -> tuple[str, str]:
    answers = asked((ONE, (direct or knows(A),)), (TWO, (missed(B),)))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO), answers, transfers(REFUSES, (TWO, second)))
    return verdict.outcome.name, verdict.subject


@pytest.mark.parametrize("rcode", ["REFUSED", "NOTAUTH", "NOTIMP", "NOERROR", "SERVFAIL"])
def test_server_that_gives_nothing_is_closed(rcode: str) -> None:
    assert verdict_on(TransferAnswer(B, Reach.OK, rcode)) == ("closed", DOMAIN)


def test_server_that_gives_records_is_open_whoever_else_answers() -> None:
    given = TransferAnswer(B, Reach.OK, "NOERROR", given=True)
    assert verdict_on(given) == verdict_on(given, says(A, "REFUSED")) == ("open", DOMAIN)


@pytest.mark.parametrize(
    ("reach", "outcome"),
    [
        (Reach.TIMEOUT, "connection-timeout"),
        (Reach.REFUSED, "connection-refused"),
        (Reach.FAILED, "connection-failed"),
    ],
)
def test_server_that_was_not_reached_or_hung_up_is_unknown(reach: Reach, outcome: str) -> None:
    assert verdict_on(TransferAnswer(B, reach)) == (outcome, "b.fi")


def test_refusal_by_somebody_on_the_way_is_unknown() -> None:
    assert verdict_on(TransferAnswer(B, Reach.OK, "REFUSED"), says(A, "REFUSED")) == ("unclear-reply", "a.fi")


def test_nobody_is_asked_unless_the_domain_is_the_askers() -> None:
    verdict = judged(CHECK, DOMAIN, *listing(ONE), asked((ONE, (knows(A),))), ZoneTransfers(stated=False, answers={}))
    assert (verdict.outcome.name, verdict.subject) == ("not-stated", DOMAIN)


def test_server_inside_a_private_network_is_not_asked() -> None:
    inside = server("b.fi", PRIVATE)
    parts = asked((ONE, (knows(A),)), (inside, ())), transfers(REFUSES)
    verdict = judged(CHECK, DOMAIN, *listing(ONE, inside), *parts)
    assert (verdict.outcome.name, verdict.subject) == ("address-not-public", "b.fi")


def test_facts_of_a_fault() -> None:
    given = TransferAnswer(B, Reach.OK, "NOERROR", given=True)
    parts = asked((ONE, (knows(A),))), transfers(REFUSES, (TWO, given))
    verdict = judged(CHECK, DOMAIN, *listing(ONE, TWO), *parts)
    assert dict(verdict.facts) == {"zone": "firm.fi", "asked": ["a.fi", "b.fi"], "open": ["b.fi"]}
    assert verdict.records == ()
