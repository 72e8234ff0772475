import pytest

from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Trust
from checks.evidence.web import Visit
from checks.tls.chain import CHECK
from tests.checks.seen import (
    ADDRESS,
    OTHER_ADDRESS,
    REFUSED,
    TIMED_OUT,
    door,
    handshake,
    host,
    judged,
    outcome,
    page,
    secure,
)


@pytest.mark.parametrize("trust", Trust)
def test_outcome_is_where_the_chain_leads(trust: Trust) -> None:
    (finding,) = judged(CHECK, [host(door(https=secure(handshake(trust=trust))))])
    assert finding.outcome == trust.value
    assert finding.evidence == {
        "addresses": [ADDRESS],
        "authority": "Known Root Ltd",
        "issuer": "O=Known Root Ltd,CN=Known Root",
        "served": 1,
    }


def test_every_fault_is_critical() -> None:
    for trust in (Trust.SELF_SIGNED, Trust.UNKNOWN_AUTHORITY, Trust.INCOMPLETE):
        (finding,) = judged(CHECK, [host(door(https=secure(handshake(trust=trust))))])
        assert finding.severity is Severity.CRITICAL


def test_worst_address_counts() -> None:
    bad = door(https=secure(handshake(trust=Trust.SELF_SIGNED)), address=OTHER_ADDRESS)
    (finding,) = judged(CHECK, [host(door(), bad)])
    assert (finding.outcome, finding.evidence["addresses"]) == ("self-signed", [OTHER_ADDRESS])


def test_certificate_that_cannot_be_read_is_unclear() -> None:
    shaken = Handshake(HandshakeEnd.OK, "TLSv1.2", "AES128-SHA", (), Trust.UNCLEAR)
    assert outcome(CHECK, door(https=Visit(Reach.OK, shaken))) == "unclear"


def test_without_https_the_fault_is_told_once() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
    assert outcome(CHECK, door(page(), Visit(Reach.OK, Handshake(HandshakeEnd.TOO_OLD)))) == "no-https"


def test_unseen() -> None:
    assert outcome(CHECK, door(page(), TIMED_OUT)) == "connection-timeout"
    assert outcome(CHECK, door(REFUSED, REFUSED)) == "no-web"
