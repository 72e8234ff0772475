"""A result at hand: a part of it, another provider's steps, records to copy, and one finding checked again."""

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from checks.contract import Record
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE, UNFOLD
from tests.farm.farm import Farm
from tests.farm.sites import EVERYDAY
from tests.portal.serving import Serving

pytestmark = pytest.mark.browser

WITHOUT_SCRIPTS = pytest.param({"java_script_enabled": False}, id="without-scripts")
WAIT_S = 5.0


def _checked(page: Page) -> str:
    page.goto("/en/")
    page.locator("#domain").fill(EVERYDAY.domain)
    page.locator("form.ask button").click()
    page.wait_for_selector(".verdict")
    return page.url


def _require_no_barrier(page: Page) -> None:
    page.evaluate(UNFOLD)
    wide = page.viewport_size
    assert wide is not None
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0
    page.set_viewport_size(wide)


@contextlib.contextmanager
def _held_back(served: Serving, for_s: float) -> Iterator[None]:
    """What may be checked of the domain is used up, so that the next is allowed in so many seconds; then it is not."""
    period, count = timedelta(hours=1) // timedelta(microseconds=1), 10_000
    step = period // count
    used_until = time.time_ns() // 1000 + period - step + step // 2 + int(for_s * 1_000_000)
    _use_up(served, used_until)
    yield
    _use_up(served, 0)


def _use_up(served: Serving, used_until: int) -> None:
    key = hashlib.sha256(f"target:{EVERYDAY.domain}".encode()).hexdigest()
    file = Path(served.environment["KYBERKUNTO_VAR"]) / "kyberkunto.sqlite"
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as connection, connection:
        changed = connection.execute("UPDATE allowance SET used_until = ? WHERE key_hash = ?", (used_until, key))
        assert changed.rowcount == 1


def test_a_part_is_shown_at_once_and_can_be_gone_back_from(page: Page, complaints: list[str]) -> None:
    whole = _checked(page)
    page.locator(".sieve summary").focus()
    page.keyboard.press("Enter")
    page.evaluate("window.neverReloaded = true")
    link = page.locator("#sieve-topic-mail")
    count = int(link.locator(".sieve__count").inner_text())
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{whole}?topic=mail")
    assert page.evaluate("window.neverReloaded") is True
    assert page.evaluate("document.activeElement.id") == "sieve-topic-mail"
    assert page.locator("#heard").inner_text().startswith(f"{count} of ")
    assert page.locator("#mail-dmarc-absent-leipomo-test").is_visible()
    assert page.locator("#tls-expiry-soon-leipomo-test").count() == 0
    _require_no_barrier(page)
    page.locator("#sieve-kind-fine").click()
    page.wait_for_url(f"{whole}?topic=mail&show=fine")
    assert page.locator("h2#first").count() == 0
    page.go_back()
    page.wait_for_selector("h2#first")
    page.get_by_role("link", name="Show all").click()
    page.wait_for_selector("#tls-expiry-soon-leipomo-test")
    assert complaints == []


def test_one_finding_is_checked_again_until_it_is_mended(page: Page, farm: Farm, complaints: list[str]) -> None:
    _checked(page)
    card = page.locator("#mail-dmarc-absent-leipomo-test")
    record = card.locator(".copy[data-copy^='v=DMARC1']").get_attribute("data-copy") or ""
    card.get_by_role("button", name="Check this again").click()
    page.wait_for_selector("#this")
    page.wait_for_selector(".verdict")
    assert page.url.endswith("?about=mail.dmarc+leipomo.test#this")
    told = page.locator("#this")
    assert told.locator(".sign__word").inner_text() == "Still the same"
    assert "may remember the old answer until" in told.inner_text()
    _require_no_barrier(page)
    farm.publish(EVERYDAY.domain, Record("add", f"_dmarc.{EVERYDAY.domain}", "TXT", record))
    try:
        told.get_by_role("button", name="Check this again").click()
        page.wait_for_selector("#this-told .sign--fine")
        page.wait_for_selector(".verdict")
    finally:
        farm.restore(EVERYDAY)
    assert told.locator(".sign__word").inner_text() == "Mended"
    _require_no_barrier(page)
    page.reload()
    told.get_by_role("link", name="See it among the others").click()
    assert page.locator("#mail-dmarc-leipomo-test").is_visible()
    assert complaints == []


def test_where_one_has_to_wait_the_page_counts_down(page: Page, served: Serving, complaints: list[str]) -> None:
    address = _checked(page)
    with _held_back(served, WAIT_S):
        page.goto(address)
        card = page.locator("#mail-dmarc-absent-leipomo-test")
        button = card.locator("button.again")
        assert button.is_hidden()
        waits = card.locator(".wait")
        first = waits.inner_text()
        assert first.startswith("You can check again in ")
        page.wait_for_function("words => document.querySelector('.card .wait').textContent !== words", arg=first)
        assert page.locator("#heard").inner_text() == ""
        button.wait_for(state="visible")
        assert page.locator("#heard").inner_text() == "You can check again now."
        button.click()
        page.wait_for_selector("#this")
    assert complaints == []


def test_another_provider_s_steps_are_shown_and_kept(page: Page) -> None:
    _checked(page)
    card = page.locator("#mail-dmarc-absent-leipomo-test")
    card.get_by_text("Where are the domain's settings kept?").click()
    card.get_by_role("link", name="Louhi").click()
    page.wait_for_url("**?dns=louhi#mail-dmarc-absent-leipomo-test")
    assert card.locator(".console__title").inner_text() == "Steps for Louhi"
    _require_no_barrier(page)
    page.locator("#sieve-topic-mail").click()
    page.wait_for_url("**?topic=mail&dns=louhi")
    assert card.locator(".console__title").inner_text() == "Steps for Louhi"


def test_each_record_is_copied_by_a_button_of_its_own_name(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _checked(page)
    page.evaluate(UNFOLD)
    buttons = page.locator("button.copy").all()
    names = [" ".join(button.inner_text().split()) for button in buttons]
    assert len(names) > 6
    assert len(set(names)) == len(names)
    for button in buttons:
        button.click()
        assert page.evaluate("navigator.clipboard.readText()") == button.get_attribute("data-copy")
        assert page.locator("#heard").inner_text() == "Copied"


@pytest.mark.parametrize("context", [WITHOUT_SCRIPTS], indirect=True)
def test_all_of_it_works_without_scripts(page: Page, served: Serving) -> None:
    address = _checked(page)
    page.locator(".sieve summary").click()
    page.locator("#sieve-kind-to-do").click()
    assert page.url == f"{address}?show=to-do#found"
    assert page.locator("h2#fine").count() == 0
    card = page.locator("#mail-dmarc-absent-leipomo-test")
    card.get_by_text("Where are the domain's settings kept?").click()
    card.get_by_role("link", name="Louhi").click()
    card.get_by_role("button", name="Check this again").click()
    page.wait_for_selector(".verdict")
    assert page.url.partition("#")[0].endswith("?about=mail.dmarc+leipomo.test&dns=louhi")
    assert page.locator("#this .sign__word").inner_text() == "Still the same"
    assert card.locator(".console__title").inner_text() == "Steps for Louhi"
    with _held_back(served, WAIT_S):
        page.reload()
        assert page.locator("#this .wait").inner_text().startswith("You can check again at ")
        assert card.locator("button.again").is_hidden()
