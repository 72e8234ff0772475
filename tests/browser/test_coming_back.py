"""An owner mends something and comes back: what changed, with its proof, and how it has gone over time."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from checks.contract import Record
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE, UNFOLD
from tests.conftest import SOAK
from tests.farm.farm import Farm
from tests.farm.sites import ALL_SITES, EVERYDAY

pytestmark = pytest.mark.browser

MENDED = {"fi": "1 korjattu", "sv": "1 åtgärdad", "en": "1 mended"}
TWO = (EVERYDAY, next(site for site in ALL_SITES if site.name == "dmarc-absent"))
FIX = "find-out-who-sends"
WITHOUT_SCRIPTS = pytest.param({"java_script_enabled": False}, id="without-scripts")


def _require_no_barrier(page: Page) -> None:
    page.evaluate(UNFOLD)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    wide = page.viewport_size
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0
    assert wide is not None
    page.set_viewport_size(wide)


def _check_again(page: Page, language: str, farm: Farm) -> str:
    """Checks, mends the mail's protection, and checks again; the address of the earlier result."""
    page.goto(f"/{language}/")
    page.locator("#domain").fill(EVERYDAY.domain)
    page.locator("form.ask button").click()
    page.wait_for_selector(".verdict")
    assert page.locator(".changes").count() == 0
    earlier = page.url
    record = page.locator(".copy[data-copy^='v=DMARC1']").first.get_attribute("data-copy") or ""
    farm.publish(EVERYDAY.domain, Record("add", f"_dmarc.{EVERYDAY.domain}", "TXT", record))
    try:
        page.locator("#again form button").click()
        page.wait_for_selector(".changes")
    finally:
        farm.restore(EVERYDAY)
    return earlier


@pytest.mark.soak
def test_what_was_mended_is_told_and_shown_over_time(page: Page, farm: Farm, complaints: list[str]) -> None:
    earlier = _check_again(page, "fi", farm)
    later = page.url
    for language, mended in list(MENDED.items())[: None if SOAK else 1]:
        page.goto(later.replace("/fi/", f"/{language}/", 1))
        assert mended in page.locator("#changes").inner_text()
        _require_no_barrier(page)
        page.locator(".changes a[href$='/history']").click()
        page.wait_for_selector(".history__plot title", state="attached")
        assert page.locator("tbody tr").count() == 2
        _require_no_barrier(page)
    page.goto(f"{later}/history")
    page.locator("tbody a").last.click()
    page.wait_for_url(earlier)
    page.locator(".hds-notification a").click()
    page.wait_for_url(later)
    assert complaints == []


def test_fix_of_two_domains_is_ticked_looked_at_and_proven(page: Page, farm: Farm, complaints: list[str]) -> None:
    page.goto("/fi/questions")
    page.locator("main form button").click()
    page.wait_for_selector(".tasks")
    sheet = page.url
    for site in TWO:
        page.goto(f"{sheet}/domain")
        page.locator("#domain").fill(site.domain)
        page.locator("form.ask button").click()
        page.wait_for_selector(".hds-notification")
    _wait_for_all(page, sheet)
    _require_no_barrier(page)
    page.goto(f"{sheet}/plan")
    fix = page.locator(f"#fix-{FIX}")
    assert all(site.domain in fix.inner_text() for site in TWO)
    page.evaluate(UNFOLD)
    try:
        for site in TWO:
            record = fix.locator(f".record:has-text('_dmarc.{site.domain}') .copy[data-copy^='v=DMARC1']")
            value = record.get_attribute("data-copy") or ""
            farm.publish(site.domain, Record("add", f"_dmarc.{site.domain}", "TXT", value))
        fix.locator("form button").click()
        again = page.locator(f"#done-{FIX} .ticked__what form button")
        assert all(site.domain in again.inner_text() for site in TWO)
        again.click()
        page.wait_for_selector(f"#done-{FIX} .ticked__seen .sign--fine")
    finally:
        for site in TWO:
            farm.restore(site)
    seen = page.locator(f"#done-{FIX} .ticked__seen").all_inner_texts()
    assert [site.domain in line and "Tarkistuksemme näki" in line for site, line in zip(TWO, seen, strict=True)] == [
        True,
        True,
    ]
    _require_no_barrier(page)
    page.goto(f"{sheet}/report")
    assert page.locator(".proof", has_text="Tarkistuksemme näki").count() == len(TWO)
    assert complaints == []


def _wait_for_all(page: Page, sheet: str) -> None:
    """Until the sheet's page of domains says of each that it was looked at."""
    for _ in range(60):
        page.goto(f"{sheet}/domain")
        if page.locator(".share a[href$='/history']").count() == len(TWO):
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.locator("main").inner_text())


@pytest.mark.parametrize("context", [WITHOUT_SCRIPTS], indirect=True)
def test_coming_back_needs_no_scripts(page: Page, farm: Farm) -> None:
    _check_again(page, "en", farm)
    page.locator(".changes a[href$='/history']").click()
    assert page.locator("tbody tr").count() == 2
