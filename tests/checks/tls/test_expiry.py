from datetime import timedelta

import pytest

from checks.advice import tell
from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Trust
from checks.evidence.web import Visit
from checks.tls.expiry import CHECK
from tests.checks.making import NOW, Wanted, issue
from tests.checks.seen import AUTHORITY, OTHER_ADDRESS, REFUSED, door, handshake, host, judged, outcome, page, secure


def dated(first: float, last: float) -> Visit:
    return secure(handshake(issue(Wanted(days=(first, last)), AUTHORITY)))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (-30, 60, "valid"),
        (-76, 14.1, "valid"),
        (-77, 13.9, "soon"),
        (-35.2, 11.8, "valid"),  # 47 days: a quarter is 11.75
        (-35.3, 11.7, "soon"),
        (-385, 13, "soon"),
        (-4.6, 1.9, "valid"),  # six days and a half, of an automatic issuer: a quarter is 1.625
        (-4.9, 1.6, "soon"),
        (-0.1, 6, "valid"),
        (-90, -0.1, "expired"),
        (0.5, 90, "not-yet-valid"),
    ],
)
def test_dates(first: float, last: float, expected: str) -> None:
    assert outcome(CHECK, door(https=dated(first, last))) == expected


def test_facts() -> None:
    (finding,) = judged(CHECK, [host(door(https=dated(-30, 60)))])
    assert finding.evidence["expires"] == (NOW + timedelta(days=60)).isoformat()
    assert finding.evidence["days_left"] == 60
    assert finding.evidence["authority"] == "Known Root Ltd"


def test_last_moment_is_still_valid() -> None:
    visit = dated(-30, 0)
    assert outcome(CHECK, door(https=visit), now=NOW) == "soon"
    assert outcome(CHECK, door(https=visit), now=NOW + timedelta(seconds=1)) == "expired"


def test_worst_address_counts() -> None:
    (finding,) = judged(CHECK, [host(door(), door(https=dated(-90, -1), address=OTHER_ADDRESS))])
    assert (finding.outcome, finding.severity) == ("expired", Severity.CRITICAL)
    assert (finding.evidence["addresses"], finding.evidence["days_left"]) == ([OTHER_ADDRESS], -1)


def test_date_is_told_as_its_reader_writes_it() -> None:
    (finding,) = judged(CHECK, [host(door(https=dated(-80, 5)))])
    ends = NOW + timedelta(days=5)
    assert f"{ends.day}.{ends.month}.{ends.year}" in tell(finding, "good.test", "fi").headline


def test_unreadable_certificate_is_our_own_limit() -> None:
    shaken = Handshake(HandshakeEnd.OK, "TLSv1.2", "AES128-SHA", (), Trust.UNCLEAR)
    assert outcome(CHECK, door(https=Visit(Reach.OK, shaken))) == "our-error"


def test_without_https_the_fault_is_told_once() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
