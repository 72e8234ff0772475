import pytest
from msgspec.structs import replace

from checks.contract import Status
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd
from checks.evidence.tls_probes import KeyAgreement, KeyAgreements, Reply
from checks.evidence.web import Visit
from checks.tls.post_quantum import CHECK
from tests.checks.seen import ADDRESS, OTHER_ADDRESS, REFUSED, door, handshake, host, judged, outcome, page

OLDER = Visit(Reach.OK, replace(handshake(), version="TLSv1.2"))
SAFE = KeyAgreement(Reply.ACCEPTED, "X25519MLKEM768")
PLAIN = KeyAgreement(Reply.ACCEPTED, "X25519")


@pytest.mark.parametrize(
    ("agreed", "expected"),
    [
        (SAFE, "agreed"),
        (PLAIN, "not-agreed"),
        (KeyAgreement(Reply.SILENT), "connection-timeout"),
        (KeyAgreement(Reply.REFUSED), "connection-failed"),
        (KeyAgreement(Reply.DROPPED), "connection-failed"),
        (KeyAgreement(Reply.UNREACHED), "connection-failed"),
    ],
)
def test_outcome_is_the_group_that_the_server_prefers(agreed: KeyAgreement, expected: str) -> None:
    assert outcome(CHECK, door(), parts=(KeyAgreements({ADDRESS: agreed}),)) == expected


def test_older_version_has_no_such_groups_and_need_not_be_asked() -> None:
    assert outcome(CHECK, door(https=OLDER)) == "not-agreed"
    assert outcome(CHECK, door(https=Visit(Reach.OK, Handshake(HandshakeEnd.TOO_OLD)))) == "not-agreed"


def test_worst_address_counts_and_an_address_that_was_not_asked_says_nothing() -> None:
    seen = [host(door(), door(address=OTHER_ADDRESS))]
    (finding,) = judged(CHECK, seen, KeyAgreements({ADDRESS: SAFE, OTHER_ADDRESS: PLAIN}))
    assert (finding.outcome, finding.evidence["groups"]) == ("not-agreed", ["X25519"])
    (finding,) = judged(CHECK, seen, KeyAgreements({ADDRESS: SAFE}))
    assert (finding.outcome, finding.evidence["not_asked"]) == ("agreed", [OTHER_ADDRESS])


def test_nothing_here_is_a_fault() -> None:
    assert {outcome.status for outcome in CHECK.outcomes} == {Status.PASS, Status.INFO}


def test_unseen() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
    assert outcome(CHECK, door()) == "connection-failed"
