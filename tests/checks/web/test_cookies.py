import pytest

from checks.contract import Severity
from checks.web.cookies import CHECK, MAX_NAMES
from tests.checks.front import finding
from tests.checks.seen import DOMAIN

GOOD = "PHPSESSID=1; Path=/; Secure; HttpOnly"


@pytest.mark.parametrize(
    ("cookies", "expected", "names"),
    [
        ([], "none", []),
        ([GOOD], "safe", ["PHPSESSID"]),
        (["lang=fi; Secure", GOOD], "safe", ["lang", "PHPSESSID"]),
        (["AWSALB=1; Path=/"], "safe", ["AWSALB"]),
        (["old=; Max-Age=0", "older=x; Expires=Thu, 01-Jan-1970 00:00:01 GMT"], "none", []),
        (["\x00bad=1"], "none", []),
        (["PHPSESSID=1; Path=/", "lang=fi", GOOD], "session-in-the-open", ["PHPSESSID"]),
        (["lang=fi", "theme=dark; HttpOnly", GOOD], "in-the-open", ["lang", "theme"]),
        (["JSESSIONID=1; Secure", "csrftoken=1; Secure"], "readable", ["JSESSIONID"]),
        (["tracking=1; SameSite=None"], "refused", ["tracking"]),
        (["__Host-session=1; Secure; HttpOnly; Path=/shop"], "refused", ["__Host-session"]),
    ],
)
def test_cookies(cookies: list[str], expected: str, names: list[str]) -> None:
    found = finding(CHECK, *(("set-cookie", value) for value in cookies))
    assert (found.outcome, found.evidence["cookies"]) == (expected, names)
    assert found.subject == DOMAIN


@pytest.mark.parametrize(
    ("hsts", "domain", "expected"),
    [
        ("max-age=31536000", "", "safe"),
        ("max-age=31536000", "; Domain=", "safe"),
        ("max-age=31536000; includeSubDomains", f"; Domain=.{DOMAIN.upper()}", "safe"),
        ("max-age=31536000", f"; Domain={DOMAIN}", "session-in-the-open"),
        ("max-age=31536000; includeSubDomains", "; Domain=test", "session-in-the-open"),
        ("max-age=300", "", "session-in-the-open"),
        ("max-age", "", "session-in-the-open"),
    ],
)
def test_browsers_that_never_come_unencrypted_show_no_cookie_in_the_open(hsts: str, domain: str, expected: str) -> None:
    cookie = ("set-cookie", f"PHPSESSID=1; HttpOnly{domain}")
    assert finding(CHECK, ("strict-transport-security", hsts), cookie).outcome == expected
    readable = finding(CHECK, ("strict-transport-security", hsts), ("set-cookie", f"JSESSIONID=1{domain}"))
    assert readable.outcome == ("readable" if expected == "safe" else expected)


@pytest.mark.parametrize("name", ["ssr-caching", "ApplicationGatewayAffinity", "cookiesession1", "__ddg1_", "bm_sz"])
def test_what_only_directs_traffic_is_nobodys_secret(name: str) -> None:
    assert finding(CHECK, ("set-cookie", f"{name}=1; Path=/")).outcome == "safe"


def test_only_a_session_in_the_open_is_more_than_a_small_fault() -> None:
    severities = {
        finding(CHECK, ("set-cookie", value)).severity
        for value in ("lang=fi", "JSESSIONID=1; Secure", "a=1; SameSite=None")
    }
    assert severities == {Severity.LOW}
    assert finding(CHECK, ("set-cookie", "PHPSESSID=1")).severity is Severity.MEDIUM


def test_names_that_strangers_chose_are_few_and_short() -> None:
    found = finding(CHECK, *(("set-cookie", f"{'x' * 5000}{number}=1") for number in range(100)))
    assert found.evidence["cookies"] == ["x" * 200]
    found = finding(CHECK, *(("set-cookie", f"{number}=1") for number in range(100)))
    assert len(found.evidence["cookies"]) == MAX_NAMES  # type: ignore[arg-type] - a list of names
