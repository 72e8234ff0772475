from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.set_cookie import Cookie, parse

TODAY = date(2026, 11, 23)


def cookie(value: str) -> Cookie:
    found = parse(value)
    assert found is not None
    return found


def test_cookie() -> None:
    found = cookie("id=a=b; Path=/; SECURE ; HttpOnly=no; SameSite=Lax")
    assert found == Cookie("id", {"path": "/", "secure": "", "httponly": "no", "samesite": "Lax"})
    assert (found.secure, found.http_only) == (True, True)


def test_nameless_cookie() -> None:
    assert cookie("only-a-value; Secure") == Cookie("", {"secure": ""})


@pytest.mark.parametrize("value", ["", "=", " ; Secure", "a=\x00", "a=b; Path=/\x7f"])
def test_what_browsers_ignore_is_no_cookie(value: str) -> None:
    assert parse(value) is None


@pytest.mark.parametrize(
    "name",
    [
        "PHPSESSID",
        "JSESSIONID",
        "ASP.NET_SessionId",
        "ASPSESSIONIDQQABCDEF",
        ".AspNetCore.Session",
        "connect.sid",
        "laravel_session",
        "my_shop_session",
        "sessionid",
        "__Host-session",
        "SSESS" + "0a" * 16,
        "wordpress_logged_in_" + "0a" * 16,
    ],
)
def test_names_of_sessions(name: str) -> None:
    assert Cookie(name).is_session


@pytest.mark.parametrize("name", ["lang", "csrftoken", "XSRF-TOKEN", "session_storage_test", ""])
def test_other_names(name: str) -> None:
    assert not Cookie(name).is_session


@pytest.mark.parametrize("name", ["AWSALB", "AWSALBCORS", "BIGipServerpool", "__cf_bm", "ARRAffinity", "nlbi_12"])
def test_names_of_providers(name: str) -> None:
    assert Cookie(name).is_providers
    assert not Cookie(name).is_session


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ("a=1", False),
        ("a=1; SameSite=None", True),
        ("a=1; SameSite=none; Secure", False),
        ("__Secure-a=1", True),
        ("__secure-a=1; Secure", False),
        ("__Host-a=1; Secure; Path=/", False),
        ("__Host-a=1; Secure; Path=/; Domain=", False),
        ("__Host-a=1; Secure; Path=/; Domain=good.test", True),
        ("__host-a=1; Secure; Path=/shop", True),
        ("__Host-a=1; Secure", True),
        ("__Host-a=1; Path=/", True),
    ],
)
def test_what_browsers_refuse(value: str, *, refused: bool) -> None:
    assert cookie(value).is_refused is refused


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", False),
        ("Max-Age=0", True),
        ("Max-Age=-1; Expires=Fri, 01 Jan 2100 00:00:00 GMT", True),
        ("Max-Age=60; Expires=Thu, 01-Jan-1970 00:00:01 GMT", False),
        ("Max-Age=soon; Expires=Thu, 01-Jan-1970 00:00:01 GMT", True),
        ("Expires=Sunday, 22-Nov-26 00:00:00 GMT", True),
        ("Expires=Mon, 23 Nov 2026 00:00:00 GMT", False),
        ("Expires=Sat Nov 24 2127", False),
        ("Expires=Thu, 31-Feb-2020 00:00:00 GMT", False),
        ("Expires=deleted", False),
    ],
)
def test_cookie_that_is_only_deleted(attributes: str, *, expected: bool) -> None:
    assert cookie(f"a=; {attributes}").is_taken_back(TODAY) is expected


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = parse(text)
    assert found is None or found.is_taken_back(TODAY) in {True, False}
