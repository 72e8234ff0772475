"""Whom to tell of a weakness, as RFC 9116 wants it told."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from checks.records.security_txt import parse
from portal import clock, settings
from portal.web import security_txt

NAMED = {
    "KYBERKUNTO_OPERATOR_CONTACT": "kyberkunto@kaupunki.example",
    "KYBERKUNTO_PUBLIC_URL": "https://kyberkunto.kaupunki.example",
}


async def asked(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> httpx.Response:
    """The file, as served with these settings."""
    with monkeypatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        settings.current.cache_clear()
        answer = await browser.get(security_txt.PATH)
    settings.current.cache_clear()
    return answer


async def test_it_names_the_contact_and_until_when_it_holds(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await asked(browser, monkeypatch, NAMED)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    lines = answer.text.splitlines()
    assert "Contact: mailto:kyberkunto@kaupunki.example" in lines
    assert "Preferred-Languages: fi, sv, en" in lines
    assert "Canonical: https://kyberkunto.kaupunki.example/.well-known/security.txt" in lines
    assert "Policy: https://kyberkunto.kaupunki.example/en/security" in lines


async def test_our_own_reader_finds_no_fault_in_it(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    file = parse((await asked(browser, monkeypatch, NAMED)).content)
    assert file is not None
    assert not file.faults
    assert file.expires is not None
    assert timedelta(days=30) < file.expires - datetime.now(UTC) < timedelta(days=180)


async def test_it_holds_on_after_years_without_a_change(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime.now(UTC) + timedelta(days=900)
    monkeypatch.setattr(clock, "now", lambda: later)
    file = parse((await asked(browser, monkeypatch, NAMED)).content)
    assert file is not None
    assert file.expires is not None
    assert timedelta(days=30) < file.expires - later < timedelta(days=180)


async def test_a_contact_for_weaknesses_goes_before_the_operators(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {**NAMED, "KYBERKUNTO_SECURITY_CONTACT": "https://kaupunki.example/security"}
    text = (await asked(browser, monkeypatch, own)).text
    assert text.startswith("Contact: https://kaupunki.example/security\n")
    assert "mailto:" not in text


async def test_without_a_contact_there_is_no_file(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await asked(browser, monkeypatch, {})).status_code == 404


async def test_a_web_address_without_encryption_is_no_contact_there(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {**NAMED, "KYBERKUNTO_OPERATOR_CONTACT": "http://kaupunki.example/"}
    assert (await asked(browser, monkeypatch, plain)).status_code == 404


async def test_it_names_no_address_that_a_request_made_up(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"KYBERKUNTO_OPERATOR_CONTACT": NAMED["KYBERKUNTO_OPERATOR_CONTACT"]}
    answer = await asked(browser, monkeypatch, environment)
    assert "Canonical" not in answer.text
    assert "Policy" not in answer.text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_policy_page_names_the_same_contact(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("KYBERKUNTO_SECURITY_CONTACT", "security@kaupunki.example")
    settings.current.cache_clear()
    page = await browser.get(f"/{language}/security")
    monkeypatch.undo()
    settings.current.cache_clear()
    assert page.status_code == 200
    assert "security@kaupunki.example" in page.text
