"""Somebody takes everything along and has it deleted, in Chromium, in each language, without barriers."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.test_second_step import PATIENCE_MS, office, portal, sign_in, stands_well
from tests.portal.mail.post_office import PostOffice
from tests.portal.serving import Serving

__all__ = ["office", "portal"]

pytestmark = pytest.mark.browser

LANGUAGES = ("fi", "sv", "en")
OWNER = "omistaja@kahvila.test"


@pytest.fixture
def context(chromium: Browser, portal: Serving) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=portal.url)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def look_at(page: Page, path: str) -> None:
    for language in LANGUAGES:
        page.goto(f"/{language}{path}")
        stands_well(page)


def test_everything_is_taken_along_and_then_deleted(
    page: Page,
    office: PostOffice,
    portal: Serving,
    tmp_path: Path,
    complaints: list[str],
) -> None:
    sign_in(page, office, portal, OWNER, "/en/me/data")
    for path in ("/me/data", "/me/data/take", "/me/data/delete", "/accessibility", "/accessibility/feedback", "/data"):
        look_at(page, path)
    page.goto("/en/me/data/take")
    page.locator("main form button").click()
    with page.expect_download() as taken:
        page.locator("main a[download]").click()
    taken.value.save_as(tmp_path / "kyberkunto.zip")
    with zipfile.ZipFile(tmp_path / "kyberkunto.zip") as archive:
        assert OWNER.encode() in archive.read("account.json")
    stands_well(page)
    page.goto("/en/me/data/delete")
    page.locator("main form button").click()
    assert page.locator("#summary a").get_attribute("href") == "#sure"
    stands_well(page)
    page.locator("#sure").check()
    page.locator("main form button").click()
    page.wait_for_selector("main [role=status]")
    assert portal.rows("SELECT address FROM person WHERE address LIKE 'omistaja@%'") == []
    page.goto("/en/me/data")
    assert "/sign-in" in page.url
    assert [said for said in complaints if "422" not in said] == []
