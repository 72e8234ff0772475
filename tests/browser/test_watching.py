"""An owner has a domain looked after and ends it again, by real letters; no page has a barrier."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.portal.mail.conftest import MAIL_FROM
from tests.portal.mail.post_office import ADDRESS, PostOffice
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving, wait_for

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
NARROW = {"width": 320, "height": 640}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE_MS = 60_000


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


@pytest.fixture
def resolver() -> Iterator[Responder]:
    with Responder() as running:
        yield running


@pytest.fixture
def portal(office: PostOffice, resolver: Responder, tmp_path: Path) -> Iterator[Serving]:
    """The portal with a mail server, whose checks find nobody but the resolver."""
    environment = {
        "KYBERKUNTO_VAR": str(tmp_path / "var"),
        "KYBERKUNTO_RESOLVERS": resolver.address,
        "KYBERKUNTO_SMTP_URL": f"smtp://127.0.0.1:{office.port}",
        "KYBERKUNTO_MAIL_FROM": MAIL_FROM,
        "KYBERKUNTO_PUBLIC_URL": "http://kyberkunto.test",
    }
    with serving(environment, tmp_path / "log") as running:
        yield running


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0
    page.set_viewport_size(size)


def link_in(office: PostOffice) -> str:
    """The path of the link in the one letter."""
    wait_for(lambda: bool(office.taken), Path("the worker's log"))
    [(recipient, letter)] = office.taken
    assert recipient == ADDRESS
    [line] = [line for line in letter.get_content().splitlines() if line.startswith("http")]
    path: str = line.removeprefix("http://kyberkunto.test")
    return path


def test_owner_has_a_domain_looked_after_and_ends_it(
    chromium: Browser, portal: Serving, office: PostOffice, resolver: Responder
) -> None:
    context = chromium.new_context(base_url=portal.url)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/fi/")
    page.locator("#domain").fill("kahvila.test")
    page.locator("form.ask button").click()
    page.locator("a[href$='/watch']").click()
    stands_well(page)
    resolver.texts["_kyberkunto-challenge.kahvila.test"] = page.locator(".record dd").nth(2).inner_text().split()[0]
    page.locator("#mine").check()
    page.locator("#doors").check()
    page.locator("#address").fill("anna@")
    page.locator(".ask__button").click()
    page.wait_for_selector("#summary")
    stands_well(page)
    assert page.locator("#doors").is_checked()
    page.locator("#address").fill(ADDRESS)
    page.locator(".ask__button").click()
    page.wait_for_url("**/watch?sent=yes")
    stands_well(page)
    page.goto(link_in(office))
    stands_well(page)
    page.locator("main form button").click()
    page.wait_for_selector(".share")
    stands_well(page)
    [(token,)] = portal.rows("SELECT ports_token FROM watch")
    assert resolver.texts["_kyberkunto-challenge.kahvila.test"] == token
    page.locator("a[href$='/unsubscribe']").click()
    stands_well(page)
    page.locator("main form button").click()
    page.wait_for_selector("main form", state="detached")
    stands_well(page)
    context.close()
