from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Trust
from checks.evidence.web import Visit
from checks.tls.hostname import CHECK, MAX_NAMES
from tests.checks.making import Wanted, issue
from tests.checks.seen import AUTHORITY, OTHER_ADDRESS, REFUSED, door, handshake, host, judged, outcome, page, secure


def shown(*names: str) -> Visit:
    return secure(handshake(issue(Wanted(names=names, common_name="good.test"), AUTHORITY)))


def test_right_name() -> None:
    (finding,) = judged(CHECK, [host(door(https=shown("good.test")))])
    assert (finding.outcome, finding.evidence["names"]) == ("matches", ["good.test"])


def test_wildcard_covers_www_and_not_the_domain_itself() -> None:
    doors = door(https=shown("*.good.test"))
    findings = judged(CHECK, [host(doors), host(doors, name="www.good.test")])
    assert [finding.outcome for finding in findings] == ["mismatch", "matches"]


def test_common_name_does_not_count() -> None:
    (finding,) = judged(CHECK, [host(door(https=shown()))])
    assert (finding.outcome, finding.severity, finding.evidence["names"]) == ("mismatch", Severity.CRITICAL, ["–"])


def test_one_wrong_address_is_enough() -> None:
    wrong = door(https=shown("other.test"), address=OTHER_ADDRESS)
    (finding,) = judged(CHECK, [host(door(), wrong)])
    assert finding.evidence == {"addresses": [OTHER_ADDRESS], "names": ["other.test"], "names_count": 1}


def test_long_list_of_names_is_shortened() -> None:
    (finding,) = judged(CHECK, [host(door(https=shown(*(f"{number}.test" for number in range(50)))))])
    assert len(finding.evidence["names"]) == MAX_NAMES  # type: ignore[arg-type]
    assert finding.evidence["names_count"] == 50


def test_unreadable_certificate_is_our_own_limit() -> None:
    shaken = Handshake(HandshakeEnd.OK, "TLSv1.2", "AES128-SHA", (), Trust.UNCLEAR)
    assert outcome(CHECK, door(https=Visit(Reach.OK, shaken))) == "our-error"


def test_without_https_the_fault_is_told_once() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
