import pytest

from checks import contract
from checks.contract import Severity
from checks.evidence.web import Trail, TrailEnd, Trails
from checks.web.redirect import CHECK
from tests.checks.seen import (
    ADDRESS,
    DOMAIN,
    OTHER_ADDRESS,
    REFUSED,
    TIMED_OUT,
    door,
    host,
    judged,
    outcome,
    page,
    trail,
)

PLAIN, SECURE = "http://good.test/", "https://good.test/"


def test_redirect() -> None:
    (finding,) = judged(CHECK, [host(door())], trail(PLAIN, SECURE))
    assert finding.evidence == {
        "addresses": [ADDRESS],
        "path": [PLAIN, SECURE],
        "target": SECURE,
        "status": 200,
    }
    assert (finding.outcome, finding.severity) == ("redirects", Severity.INFO)


def test_redirect_by_way_of_www() -> None:
    way = trail(PLAIN, "http://www.good.test/", "https://www.good.test/", status=403)
    assert outcome(CHECK, door(), parts=(way,)) == "redirects"


def test_site_in_the_open_fails_with_lines_for_every_server() -> None:
    (finding,) = judged(CHECK, [host(door(page()))], trail(PLAIN))
    assert (finding.outcome, finding.severity) == ("absent", Severity.HIGH)
    assert finding.fix is not None
    lines = {snippet.platform: snippet.text for snippet in finding.fix.snippets}
    assert list(lines) == ["nginx", "apache", "iis", "caddy"]
    assert all(DOMAIN in text for platform, text in lines.items() if platform != "nginx")


def test_page_that_leads_on_by_itself_is_no_proof_of_an_open_site() -> None:
    by_page = Trails({(DOMAIN, ADDRESS): Trail((PLAIN,), TrailEnd.ANSWERED, 200, by_page=True)})
    assert outcome(CHECK, door(page()), parts=(by_page,)) == "by-page"


def test_way_back_into_the_open_fails() -> None:
    assert outcome(CHECK, door(), parts=(trail(PLAIN, SECURE, "http://good.test/in"),)) == "absent"


def test_closed_port_leaves_encryption_alone() -> None:
    assert outcome(CHECK, door(REFUSED)) == "https-only"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (TrailEnd.OTHER_SITE, "other-site"),
        (TrailEnd.TOO_MANY, "too-many"),
        (TrailEnd.NOT_FOLLOWED, "not-followed"),
    ],
)
def test_trail_that_we_left(end: TrailEnd, expected: str) -> None:
    assert outcome(CHECK, door(), parts=(trail(PLAIN, "https://other.test/", end=end, status=301),)) == expected


def test_trail_that_breaks_off_is_unknown() -> None:
    lost = trail(PLAIN, SECURE, end=TrailEnd.NO_ANSWER, status=301, reason=contract.CONNECTION_TIMEOUT)
    assert outcome(CHECK, door(), parts=(lost,)) == "connection-timeout"


@pytest.mark.parametrize("status", [403, 404, 429, 503, 304])
def test_error_page_over_http_proves_nothing(status: int) -> None:
    assert outcome(CHECK, door(page(status)), parts=(trail(PLAIN, status=status),)) == "error-page"


def test_port_that_does_not_answer_is_unknown() -> None:
    assert outcome(CHECK, door(TIMED_OUT)) == "connection-timeout"


def test_worst_address_counts() -> None:
    trails = Trails(
        {
            (DOMAIN, ADDRESS): Trail((PLAIN, SECURE), TrailEnd.ANSWERED, 200),
            (DOMAIN, OTHER_ADDRESS): Trail((PLAIN,), TrailEnd.ANSWERED, 200),
        }
    )
    (finding,) = judged(CHECK, [host(door(), door(address=OTHER_ADDRESS))], trails)
    assert (finding.outcome, finding.evidence["addresses"]) == ("absent", [OTHER_ADDRESS])


def test_address_that_was_not_seen_does_not_hide_the_others() -> None:
    doors = (door(TIMED_OUT, address=OTHER_ADDRESS), door())
    assert outcome(CHECK, *doors, parts=(trail(PLAIN, SECURE),)) == "redirects"


def test_without_https_there_is_nowhere_to_lead() -> None:
    assert outcome(CHECK, door(page(), REFUSED), parts=(trail(PLAIN),)) == "no-https"
    assert outcome(CHECK, door(page(), TIMED_OUT), parts=(trail(PLAIN),)) == "connection-timeout"
