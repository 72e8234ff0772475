from datetime import timedelta

import pytest

from checks.contract import Finding, Severity, Status
from checks.web.security_txt import CHECK
from tests.checks.front import Header, of, page
from tests.checks.making import NOW
from tests.checks.seen import DOMAIN

PLAIN = ("content-type", "text/plain; charset=utf-8")
CONTACT = "Contact: mailto:security@good.test\n"


def expires(days: int) -> str:
    return f"Expires: {(NOW + timedelta(days=days)).strftime('%Y-%m-%dT%H:%M:%SZ')}\n"


def found(body: str, *headers: Header, status: int = 200, cut_off: bool = False) -> Finding:
    seen = page(*(headers or (PLAIN,)), status=status, body=body.encode(), cut_off=cut_off)
    (finding,) = of(CHECK, {DOMAIN: seen})
    return finding


def test_valid_file_says_when_it_ends() -> None:
    finding = found(CONTACT + expires(30))
    assert (finding.outcome, finding.status) == ("valid", Status.PASS)
    assert finding.evidence["expires"] == expires(30).removeprefix("Expires: ").strip()


@pytest.mark.parametrize("status", [404, 410])
def test_no_file(status: int) -> None:
    finding = found("", status=status)
    assert (finding.outcome, finding.status, finding.fix) == ("absent", Status.INFO, None)


@pytest.mark.parametrize("status", [400, 401, 403, 405, 500, 503])
def test_file_that_we_were_not_shown_is_unknown(status: int) -> None:
    assert found(CONTACT, status=status).outcome == "page-not-shown"


def test_page_in_place_of_the_file_is_none() -> None:
    html = ("content-type", "text/html")
    assert found("<!doctype html><p>Not found</p>", html).outcome == "absent"
    assert found("Sorry, nothing here").outcome == "absent"
    assert found("<!doctype html>" + "x" * 100, html, cut_off=True).outcome == "absent"


def test_file_that_broke_off_is_unknown() -> None:
    assert found(CONTACT, PLAIN, ("content-length", "5000")).outcome == "unreadable"
    assert found(CONTACT, PLAIN, ("content-encoding", "gzip")).outcome == "unreadable"


def test_expired_file_comes_with_the_mended_one() -> None:
    finding = found(f"# Ours\n{CONTACT}{expires(-1)}")
    assert (finding.outcome, finding.severity) == ("expired", Severity.LOW)
    assert finding.fix is not None
    for snippet in finding.fix.snippets:
        assert "Contact: mailto:security@good.test" in snippet.text
        assert snippet.text.count("Expires:") == 1
        assert str(finding.evidence["line"]) in snippet.text
    new = str(finding.evidence["line"]).removeprefix("Expires: ")
    assert NOW + timedelta(days=300) < NOW.fromisoformat(new) < NOW + timedelta(days=366)


@pytest.mark.parametrize(
    ("body", "headers", "faults", "mended"),
    [
        (CONTACT, (PLAIN,), ["Expires"], True),
        ("Contact: security@good.test\n" + expires(9), (PLAIN,), ["Contact"], True),
        (CONTACT + expires(9), (("content-type", "text/html"),), ["Content-Type"], True),
        (CONTACT + expires(9), (("x-none", ""),), ["Content-Type"], True),
        (expires(9), (PLAIN,), ["Contact"], False),
        (f"-----BEGIN PGP SIGNED MESSAGE-----\n\n{CONTACT}", (PLAIN,), ["Expires"], False),
    ],
)
def test_malformed_file_names_its_faults(
    body: str, headers: tuple[Header, ...], faults: list[str], *, mended: bool
) -> None:
    finding = found(body, *headers)
    assert (finding.outcome, finding.evidence["faults"]) == ("malformed", faults)
    assert finding.fix is not None
    assert bool(finding.fix.snippets) is mended


def test_date_that_still_holds_is_kept() -> None:
    assert found(expires(9)).evidence["line"] == expires(9).strip()
