import pytest

from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Trust
from checks.evidence.web import HttpAnswer, Visit
from checks.web.hsts import CHECK
from tests.checks.making import Wanted, issue
from tests.checks.seen import AUTHORITY, OTHER_ADDRESS, REFUSED, door, handshake, host, judged, outcome, page, secure

OTHER = ("server", "nginx")


def sent(*values: str) -> Visit:
    return secure(None, 200, OTHER, *(("strict-transport-security", value) for value in values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["max-age=31536000"], "on"),
        (["max-age=15768000; includeSubDomains"], "on"),
        (["max-age=15767999"], "short"),
        (["max-age=300"], "short"),
        (["max-age=0"], "absent"),
        ([], "absent"),
        (["includeSubDomains"], "invalid"),
        (["max-age=one"], "invalid"),
        (["max-age=300", "max-age=31536000"], "short"),
        (["max-age=31536000", "max-age=300"], "on"),
    ],
)
def test_header(values: list[str], expected: str) -> None:
    assert outcome(CHECK, door(https=sent(*values))) == expected


def test_facts_and_lines_for_every_server() -> None:
    (finding,) = judged(CHECK, [host(door(https=sent("max-age=300")))])
    assert finding.severity is Severity.LOW
    assert finding.evidence["max_age"] == 300
    assert finding.evidence["header"] == "max-age=300"
    assert finding.fix is not None
    assert [snippet.platform for snippet in finding.fix.snippets] == ["nginx", "apache", "iis", "caddy"]
    assert all("preload" not in each.text and "includeSub" not in each.text for each in finding.fix.snippets)


def test_header_over_http_does_not_count() -> None:
    assert outcome(CHECK, door(page(200, ("strict-transport-security", "max-age=31536000")), sent())) == "absent"


def test_header_on_a_redirect_to_another_host_counts() -> None:
    https = secure(None, 301, ("location", "https://www.good.test/"), ("strict-transport-security", "max-age=31536000"))
    assert outcome(CHECK, door(https=https)) == "on"


@pytest.mark.parametrize("headers", [(OTHER,), (("strict-transport-security", "max-age=31536000"),)])
def test_error_page_proves_nothing(headers: tuple[tuple[str, str], ...]) -> None:
    assert outcome(CHECK, door(https=secure(None, 403, *headers))) == "page-not-shown"


def test_page_of_a_filter_proves_nothing() -> None:
    filtered = HttpAnswer(200, (OTHER,), b"<head><title>One moment, please...</title></head>")
    assert outcome(CHECK, door(https=Visit(Reach.OK, handshake(), filtered))) == "page-not-shown"


@pytest.mark.parametrize("trust", [Trust.SELF_SIGNED, Trust.UNKNOWN_AUTHORITY, Trust.INCOMPLETE])
def test_distrusted_certificate_comes_first(trust: Trust) -> None:
    assert outcome(CHECK, door(https=secure(handshake(trust=trust)))) == "bad-certificate"


@pytest.mark.parametrize("wanted", [Wanted(days=(-90, -1)), Wanted(days=(1, 90)), Wanted(names=("other.test",))])
def test_certificate_with_wrong_dates_or_names_comes_first(wanted: Wanted) -> None:
    assert outcome(CHECK, door(https=secure(handshake(issue(wanted, AUTHORITY))))) == "bad-certificate"


def test_worst_address_counts() -> None:
    (finding,) = judged(CHECK, [host(door(), door(https=sent(), address=OTHER_ADDRESS))])
    assert (finding.outcome, finding.evidence["addresses"]) == ("absent", [OTHER_ADDRESS])


def test_page_that_never_came_is_unknown() -> None:
    assert outcome(CHECK, door(https=Visit(Reach.OK, handshake(), silent=True))) == "connection-timeout"
    assert outcome(CHECK, door(https=Visit(Reach.OK, handshake()))) == "connection-failed"


def test_long_header_is_shortened() -> None:
    (finding,) = judged(CHECK, [host(door(https=sent("x" * 5000)))])
    assert len(str(finding.evidence["header"])) == 200


def test_without_https_the_fault_is_told_once() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
