import pytest

from checks import contract
from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd
from checks.evidence.web import Trail, TrailEnd, Trails, Visit
from checks.tls.https import CHECK
from checks.web import hsts, redirect
from tests.checks.seen import (
    ADDRESS,
    OTHER_ADDRESS,
    REFUSED,
    TIMED_OUT,
    door,
    host,
    judged,
    outcome,
    outcomes,
    page,
    secure,
    trail,
)


def ended(end: HandshakeEnd) -> Visit:
    return Visit(Reach.OK, Handshake(end))


def test_encrypted() -> None:
    (finding,) = judged(CHECK, [host(door())])
    assert (finding.outcome, finding.evidence["encrypted"]) == ("encrypted", [ADDRESS])


def test_site_over_http_alone_fails() -> None:
    (finding,) = judged(CHECK, [host(door(page(), REFUSED))])
    assert (finding.outcome, finding.severity) == ("absent", Severity.CRITICAL)
    assert finding.evidence["unencrypted"] == [ADDRESS]


@pytest.mark.parametrize("end", [HandshakeEnd.NOT_TLS, HandshakeEnd.REFUSED])
def test_port_that_answers_but_cannot_encrypt_fails(end: HandshakeEnd) -> None:
    assert outcome(CHECK, door(page(), ended(end))) == "absent"


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (trail("http://good.test/"), "absent"),
        (trail("http://good.test/", "http://www.good.test/"), "absent"),
        (trail("http://good.test/", status=401), "absent"),
        # A registrar's forwarding: nobody can type anything there
        (trail("http://good.test/", "https://www.good.test/"), "leads-on"),
        (trail("http://good.test/", "http://other.test/", end=TrailEnd.OTHER_SITE, status=301), "leads-on"),
        (
            trail(
                "http://good.test/", "https://good.test/", end=TrailEnd.NO_ANSWER, reason=contract.CONNECTION_REFUSED
            ),
            "leads-on",
        ),
        # A machine's default page, or a refusal of programs like ours
        (trail("http://good.test/", status=404), "error-page"),
        (trail("http://good.test/", status=403), "error-page"),
        (trail("http://good.test/", "http://good.test/", end=TrailEnd.TOO_MANY, status=302), "error-page"),
        (
            trail("http://good.test/", "http://www.good.test/", end=TrailEnd.NO_ANSWER, reason=contract.DNS_TIMEOUT),
            "dns-timeout",
        ),
    ],
)
def test_only_a_site_in_the_open_can_be_read_along(way: Trails, expected: str) -> None:
    assert outcome(CHECK, door(page(), REFUSED), parts=(way,)) == expected


def test_address_that_leads_on_is_a_lesser_fault() -> None:
    way = trail("http://good.test/", "https://www.good.test/")
    (finding,) = judged(CHECK, [host(door(page(), REFUSED))], way)
    assert (finding.severity, finding.evidence["target"]) == (Severity.MEDIUM, "https://www.good.test/")


def sent_back(to: str) -> Visit:
    return secure(None, 301, ("location", to))


@pytest.mark.parametrize("to", ["http://good.test/", "http://GOOD.test"])
def test_encrypted_address_that_sends_visitors_back(to: str) -> None:
    (finding,) = judged(CHECK, [host(door(page(), sent_back(to)))], trail("http://good.test/"))
    assert (finding.outcome, finding.severity) == ("leads-back", Severity.CRITICAL)
    for check in (redirect.CHECK, hsts.CHECK):  # both fixes would shut the visitors out
        assert outcome(check, door(page(), sent_back(to)), parts=(trail("http://good.test/"),)) == "no-https"


@pytest.mark.parametrize(
    ("to", "way"),
    [
        ("https://www.good.test/", trail("http://good.test/")),
        ("http://elsewhere.good.test/", trail("http://good.test/")),
        # A detour, not the end of it
        ("http://good.test/", trail("http://good.test/", "https://www.good.test/")),
        ("http://good.test/", trail("http://good.test/", status=403)),
    ],
)
def test_encrypted_address_that_leads_elsewhere(to: str, way: Trails) -> None:
    assert outcome(CHECK, door(page(), sent_back(to)), parts=(way,)) == "encrypted"


def test_page_that_leads_on_by_itself() -> None:
    way = Trails({("good.test", ADDRESS): Trail(("http://good.test/",), TrailEnd.ANSWERED, 200, by_page=True)})
    assert outcome(CHECK, door(page(), REFUSED), parts=(way,)) == "leads-on"


def test_one_address_without_encryption_is_enough() -> None:
    (finding,) = judged(CHECK, [host(door(), door(page(), REFUSED, OTHER_ADDRESS))])
    assert (finding.outcome, finding.evidence["unencrypted"]) == ("absent", [OTHER_ADDRESS])


def test_address_where_nothing_listens_is_no_fault_beside_one_that_encrypts() -> None:
    assert outcome(CHECK, door(REFUSED, REFUSED), door(address=OTHER_ADDRESS)) == "encrypted"


def test_old_server_does_encrypt() -> None:
    assert outcome(CHECK, door(https=ended(HandshakeEnd.TOO_OLD))) == "encrypted"


@pytest.mark.parametrize(
    ("http", "https", "expected"),
    [
        (page(), TIMED_OUT, "connection-timeout"),
        (page(), ended(HandshakeEnd.TIMEOUT), "connection-timeout"),
        (page(), ended(HandshakeEnd.DROPPED), "connection-failed"),
        (page(), Visit(Reach.FAILED), "connection-failed"),
        (TIMED_OUT, TIMED_OUT, "connection-timeout"),
        (TIMED_OUT, REFUSED, "connection-timeout"),
        (Visit(Reach.OK, silent=True), REFUSED, "connection-timeout"),
        (REFUSED, REFUSED, "no-web"),
        (REFUSED, ended(HandshakeEnd.NOT_TLS), "no-web"),
    ],
)
def test_what_was_not_seen_is_no_fault(http: Visit, https: Visit, expected: str) -> None:
    assert outcome(CHECK, door(http, https)) == expected


def test_no_address_at_all() -> None:
    assert outcomes(judged(CHECK, [])) == {"good.test": "no-web"}


@pytest.mark.parametrize(
    "reason",
    [contract.ADDRESS_NOT_PUBLIC, contract.DNS_TIMEOUT, contract.BLOCKED_FROM_HERE],
    ids=lambda each: each.name,
)
def test_host_without_an_address_to_look_at(reason: contract.Outcome) -> None:
    assert outcomes(judged(CHECK, [host(unseen=reason)])) == {"good.test": reason.name}


def test_each_host_has_its_own_finding() -> None:
    seen = [host(door()), host(door(page(), REFUSED), name="www.good.test")]
    assert outcomes(judged(CHECK, seen)) == {"good.test": "encrypted", "www.good.test": "absent"}
