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
