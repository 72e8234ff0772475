"""Which pages are judged, whatever the check: those that visitors see over https, each once."""

import pytest

from checks import contract
from checks.contract import Check, Status
from checks.evidence.lookups import Reach
from checks.evidence.pages import Arrival, FrontPages, SecurityFiles
from checks.evidence.tls import Trust
from checks.evidence.web import HttpAnswer, Trail, TrailEnd, Visit
from checks.web import banner, cookies, csp, framing, nosniff, referrer, security_txt
from tests.checks.front import WWW, of, page, way
from tests.checks.making import NOW, Wanted, issue
from tests.checks.seen import ADDRESS, AUTHORITY, DOMAIN, REFUSED, door, handshake, host, judged, outcomes
from tests.checks.seen import page as http_page

OF_FRONT_PAGES = (
    csp.CHECK,
    nosniff.CHECK,
    framing.CHECK,
    referrer.CHECK,
    cookies.CHECK,
    banner.CHECK,
)
ALL = (*OF_FRONT_PAGES, security_txt.CHECK)
NOTHING = (FrontPages({}, NOW), SecurityFiles({}, NOW))

each_check = pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)


@each_check
def test_each_host_with_a_page_of_its_own_is_judged(check: Check) -> None:
    found = of(check, {DOMAIN: page(), WWW: page(name=WWW)}, DOMAIN, WWW)
    assert [finding.subject for finding in found] == [DOMAIN, WWW]
    assert {finding.status for finding in found} <= {Status.PASS, Status.FAIL, Status.INFO}


@each_check
def test_page_to_which_both_hosts_lead_is_judged_once(check: Check) -> None:
    assert [finding.subject for finding in of(check, {DOMAIN: page(name=WWW), WWW: page(name=WWW)}, DOMAIN, WWW)] == [
        WWW
    ]


@each_check
def test_page_that_was_seen_comes_before_the_reason_why_its_own_host_showed_none(check: Check) -> None:
    lost = way(f"https://{WWW}/", end=TrailEnd.TOO_MANY, name=WWW)
    (found,) = of(check, {WWW: lost, DOMAIN: page(name=WWW)}, WWW, DOMAIN)
    assert (found.subject, found.status is Status.UNKNOWN) == (WWW, False)


@pytest.mark.parametrize("check", OF_FRONT_PAGES, ids=lambda check: check.id)
@pytest.mark.parametrize("status", [202, 204, 304, 401, 403, 404, 500, 503])
def test_page_that_is_no_ordinary_one_proves_nothing(check: Check, status: int) -> None:
    (found,) = of(check, {DOMAIN: page(status=status)})
    assert (found.outcome, found.evidence["status"]) == ("page-not-shown", status)


@each_check
@pytest.mark.parametrize(("status", "headers"), [(429, ()), (503, (("retry-after", "60"),))])
def test_server_that_asks_for_patience(check: Check, status: int, headers: tuple[tuple[str, str], ...]) -> None:
    (found,) = of(check, {DOMAIN: page(*headers, status=status)})
    assert found.outcome == "rate-limited"


@each_check
def test_other_site_is_not_judged(check: Check) -> None:
    urls = (f"https://{DOMAIN}/", "https://other.test/" + "x" * 300)
    (found,) = of(check, {DOMAIN: way(*urls, end=TrailEnd.OTHER_SITE)})
    assert (found.outcome, found.status) == ("leads-elsewhere", Status.NOT_APPLICABLE)
    assert len(str(found.evidence["target"])) == 200


@each_check
@pytest.mark.parametrize("end", [TrailEnd.TOO_MANY, TrailEnd.NOT_FOLLOWED])
def test_way_that_we_could_not_follow_is_unknown(check: Check, end: TrailEnd) -> None:
    (found,) = of(check, {DOMAIN: way(f"https://{DOMAIN}/", "ftp://good.test", end=end)})
    assert (found.outcome, found.status) == ("way-lost", Status.UNKNOWN)


@each_check
def test_way_that_breaks_off_is_unknown_with_its_reason(check: Check) -> None:
    broken = way(f"https://{DOMAIN}/", f"https://{WWW}/", end=TrailEnd.NO_ANSWER, reason=contract.CONNECTION_TIMEOUT)
    (found,) = of(check, {DOMAIN: broken})
    assert found.outcome == "connection-timeout"


@each_check
def test_filters_page_in_place_of_the_site_proves_nothing(check: Check) -> None:
    (found,) = of(check, {DOMAIN: page(body=b"<head><title>One moment, please...</title></head>")})
    assert (found.outcome, found.evidence["status"]) == ("page-not-shown", 200)


@each_check
def test_way_back_into_the_open_is_told_elsewhere(check: Check) -> None:
    trail = Trail((f"https://{DOMAIN}/", f"http://{DOMAIN}/"), TrailEnd.ANSWERED, 200)
    (found,) = of(check, {DOMAIN: Arrival(trail, HttpAnswer(200), DOMAIN, ADDRESS, secure=False)})
    assert found.outcome == "no-https"


@each_check
@pytest.mark.parametrize(
    "shaken",
    [
        handshake(trust=Trust.SELF_SIGNED),
        handshake(trust=Trust.INCOMPLETE),
        handshake(issue(Wanted(days=(-90, -1)), AUTHORITY)),
        handshake(issue(Wanted(names=("other.test",)), AUTHORITY)),
    ],
    ids=["self-signed", "incomplete", "expired", "other-name"],
)
def test_page_that_browsers_warn_of_is_not_judged(check: Check, shaken: object) -> None:
    seen = page()
    (found,) = of(check, {DOMAIN: Arrival(seen.trail, seen.answer, DOMAIN, ADDRESS, handshakes=((DOMAIN, shaken),))})  # type: ignore[arg-type]
    assert found.outcome == "bad-certificate"


@each_check
def test_nothing_to_look_at(check: Check) -> None:
    assert outcomes(judged(check, [], *NOTHING)) == {DOMAIN: "no-web"}
    assert outcomes(judged(check, [host(door(http_page(), REFUSED))], *NOTHING)) == {DOMAIN: "no-https"}
    unseen = host(unseen=contract.DNS_TIMEOUT)
    assert outcomes(judged(check, [unseen], *NOTHING)) == {DOMAIN: "dns-timeout"}
    silent = host(door(https=Visit(Reach.OK, handshake(), silent=True)))
    assert outcomes(judged(check, [silent], *NOTHING)) == {DOMAIN: "connection-timeout"}
