import pytest

from checks.contract import Severity
from checks.web.csp import CHECK
from tests.checks.front import finding, outcome

POLICY = "content-security-policy"
IN_PAGE = b"<head><meta http-equiv=Content-Security-Policy content=\"script-src 'self'\"></head>"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], "absent"),
        ([(POLICY, "")], "absent"),
        ([(POLICY, "upgrade-insecure-requests; frame-ancestors 'self'")], "absent"),
        ([("content-security-policy-report-only", "default-src 'none'")], "absent"),
        ([(POLICY, "default-src 'self'")], "strict"),
        ([(POLICY, "default-src 'self' 'unsafe-inline'")], "weak"),
        ([(POLICY, "script-src-elem 'self'")], "weak"),
        ([(POLICY, "script-src 'unsafe-inline' https://a.test"), (POLICY, "script-src 'nonce-YQ' https:")], "strict"),
    ],
)
def test_policy(headers: list[tuple[str, str]], expected: str) -> None:
    assert outcome(CHECK, *headers) == expected


def test_weak_rule_is_named_and_nothing_is_offered_to_copy() -> None:
    found = finding(CHECK, (POLICY, "script-src 'self' 'unsafe-inline' data:; object-src 'none'"))
    assert found.evidence["rules"] == ["script-src 'unsafe-inline'", "script-src data:"]
    assert found.evidence["lacks"] == ["base-uri"]
    assert found.severity is Severity.LOW
    assert found.fix is not None
    assert found.fix.snippets == ()


def test_missing_rule_is_named() -> None:
    assert finding(CHECK, (POLICY, "script-src-elem 'self'")).evidence["rules"] == ["script-src"]


def test_policy_that_only_reports_is_shown() -> None:
    found = finding(CHECK, ("content-security-policy-report-only", "default-src 'self'"))
    assert (found.outcome, found.evidence["reports_only"]) == ("absent", "default-src 'self'")


def test_policy_in_the_page_counts() -> None:
    assert finding(CHECK, body=IN_PAGE).outcome == "strict"
    assert finding(CHECK, (POLICY, "script-src *"), body=IN_PAGE).outcome == "strict"


def test_page_whose_head_we_did_not_see_may_hold_a_policy() -> None:
    assert finding(CHECK, body=b"<head><style>" + b"x" * 100, cut_off=True).outcome == "page-too-long"
    assert finding(CHECK, ("content-encoding", "gzip"), body=b"\x1f\x8b").outcome == "page-too-long"
    assert finding(CHECK, (POLICY, "default-src 'self'"), body=b"<head>", cut_off=True).outcome == "strict"
    assert finding(CHECK, body=b"<p>No head at all").outcome == "absent"


def test_policy_is_shown_shortened() -> None:
    assert len(str(finding(CHECK, (POLICY, "img-src " + "x" * 5000)).evidence["policy"])) == 200
