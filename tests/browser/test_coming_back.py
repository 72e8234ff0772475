"""An owner mends something and comes back: what changed, with its proof, and how it has gone over time."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from checks.contract import Record
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE, UNFOLD
from tests.farm.farm import Farm
from tests.farm.sites import EVERYDAY

pytestmark = pytest.mark.browser

MENDED = {"fi": "1 korjattu", "sv": "1 åtgärdad", "en": "1 mended"}
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


def test_what_was_mended_is_told_and_shown_over_time(page: Page, farm: Farm, complaints: list[str]) -> None:
    earlier = _check_again(page, "fi", farm)
    later = page.url
    for language, mended in MENDED.items():
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


@pytest.mark.parametrize("context", [WITHOUT_SCRIPTS], indirect=True)
def test_coming_back_needs_no_scripts(page: Page, farm: Farm) -> None:
    _check_again(page, "en", farm)
    page.locator(".changes a[href$='/history']").click()
    assert page.locator("tbody tr").count() == 2
