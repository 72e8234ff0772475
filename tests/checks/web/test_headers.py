"""What a front page says in its headers: types of files, frames, referrers, versions."""

import pytest

from checks.contract import Severity, Status
from checks.web import banner, framing, nosniff, referrer
from checks.web.headers import shown, snippets
from tests.checks.front import finding, outcome

PLATFORMS = ["nginx", "apache", "iis", "caddy"]


def platforms(found: object) -> list[str]:
    return [snippet.platform for snippet in found.fix.snippets]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["nosniff"], "on"),
        (["NoSniff, nosniff"], "on"),
        (["nosniff", "none"], "on"),
        ([], "absent"),
        (["none"], "absent"),
        (["none", "nosniff"], "absent"),
        (["no-sniff"], "absent"),
        ([""], "absent"),
    ],
)
def test_nosniff(values: list[str], expected: str) -> None:
    assert outcome(nosniff.CHECK, *(("x-content-type-options", value) for value in values)) == expected


def test_what_a_stranger_wrote_is_shown_shortened() -> None:
    found = finding(nosniff.CHECK, ("x-content-type-options", "x" * 5000))
    assert found.evidence["header"] == "x" * 200
    assert (found.severity, platforms(found)) == (Severity.LOW, PLATFORMS)
    assert shown([]) == "–"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("x-frame-options", "DENY")], "protected"),
        ([("x-frame-options", "sameorigin")], "protected"),
        ([("x-frame-options", "SAMEORIGIN, SAMEORIGIN")], "protected"),
        ([("x-frame-options", "SAMEORIGIN"), ("x-frame-options", "DENY")], "protected"),
        ([("x-frame-options", "SAMEORIGIN"), ("x-frame-options", "ALLOW-FROM https://a.test")], "protected"),
        ([("x-frame-options", "ALLOW-FROM https://a.test")], "absent"),
        ([("x-frame-options", "ALLOWALL")], "absent"),
        ([("x-frame-options", "")], "absent"),
        ([], "absent"),
        ([("content-security-policy", "default-src 'none'")], "absent"),
        ([("content-security-policy-report-only", "frame-ancestors 'none'")], "absent"),
        ([("content-security-policy", "frame-ancestors 'self'")], "protected"),
        ([("content-security-policy", "img-src a, frame-ancestors https://partner.test")], "protected"),
        ([("content-security-policy", "frame-ancestors *")], "open"),
        ([("content-security-policy", "frame-ancestors *"), ("x-frame-options", "DENY")], "open"),
        ([("content-security-policy", "frame-ancestors *, frame-ancestors 'none'")], "protected"),
    ],
)
def test_framing(headers: list[tuple[str, str]], expected: str) -> None:
    assert outcome(framing.CHECK, *headers) == expected


def test_framing_offers_lines_for_every_server_and_asks_first() -> None:
    found = finding(framing.CHECK)
    assert (found.severity, platforms(found)) == (Severity.LOW, PLATFORMS)
    assert finding(framing.CHECK, ("content-security-policy", "frame-ancestors *")).status is Status.INFO


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "by-default"),
        ([""], "by-default"),
        (["nonsense"], "by-default"),
        (["no-referrer"], "discreet"),
        (["strict-origin-when-cross-origin"], "discreet"),
        (["unsafe-url, same-origin"], "discreet"),
        (["unsafe-url", "strict-origin"], "discreet"),
        (["UNSAFE-URL"], "leaks"),
        (["no-referrer-when-downgrade"], "leaks"),
        (["no-referrer, unsafe-url, of-the-future"], "leaks"),
        (["always"], "by-default"),
    ],
)
def test_referrer(values: list[str], expected: str) -> None:
    assert outcome(referrer.CHECK, *(("referrer-policy", value) for value in values)) == expected


def test_referrer_in_the_page_comes_after_the_header_and_no_line_for_a_server_mends_it() -> None:
    leak = b"<head><meta name=referrer content=always></head>"
    found = finding(referrer.CHECK, ("referrer-policy", "no-referrer"), body=leak)
    assert (found.outcome, found.evidence["policy"]) == ("leaks", "unsafe-url")
    assert platforms(found) == []
    discreet = b"<head><meta name=referrer content=never></head>"
    assert finding(referrer.CHECK, ("referrer-policy", "unsafe-url"), body=discreet).outcome == "discreet"
    assert platforms(finding(referrer.CHECK, ("referrer-policy", "unsafe-url"))) == PLATFORMS


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        ([("server", "nginx/1.18.0 (Ubuntu)")], ["nginx"]),
        ([("server", "Apache/2.4.41 (Debian) OpenSSL/1.1.1k")], []),  # no line for a site's own block
        ([("server", "Microsoft-IIS/10.0")], ["iis"]),
        ([("server", "openresty/1.21.4.1")], []),
        ([("server", "nginx/1.18.0"), ("x-powered-by", "PHP/7.4.3")], []),
        ([("server", "nginx"), ("x-powered-by", "PHP/7.4.3")], []),
        ([("x-aspnet-version", "4.0.30319")], []),
        ([("x-generator", "WordPress 6.4")], []),
    ],
)
def test_version_is_shown(headers: list[tuple[str, str]], offered: list[str]) -> None:
    found = finding(banner.CHECK, *headers)
    assert (found.outcome, found.severity) == ("version-shown", Severity.LOW)
    assert platforms(found) == offered


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("server", "nginx")],
        [("server", "cloudflare"), ("x-powered-by", "ASP.NET")],
        [("x-generator", "Drupal 10 (https://www.drupal.org)")],
        [("server", "BunnyCDN-FI1-1234")],
        [("via", "1.1 varnish")],
    ],
)
def test_name_alone_is_fine(headers: list[tuple[str, str]]) -> None:
    assert outcome(banner.CHECK, *headers) == "discreet"


def test_only_what_tells_a_version_is_shown() -> None:
    found = finding(banner.CHECK, ("server", "nginx"), ("x-powered-by", "PHP/7.4.3"))
    assert found.evidence["headers"] == ["X-Powered-By: PHP/7.4.3"]


def test_lines_for_every_server_set_one_header() -> None:
    lines = {snippet.platform: snippet.text for snippet in snippets("X-Test", "one")}
    assert list(lines) == PLATFORMS
    assert lines["nginx"] == 'add_header X-Test "one" always;'
    # Programs behind them may set the header too: it must not come twice.
    assert lines["apache"].startswith("Header unset X-Test\n")
    assert lines["caddy"] == 'header {\n\tX-Test "one"\n\tdefer\n}'
    assert all("X-Test" in text and "one" in text for text in lines.values())
