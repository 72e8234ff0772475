"""An organiser makes a call and publishes it; its page counts down and tells the reader's own time."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from portal.accounts.tables import RoleKind
from tests.browser.test_cities import in_database, send, session_of
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE
from tests.conftest import SOAK
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import COOKIE, city, give_role, person

pytestmark = pytest.mark.browser

CALL = "/fi/city/helsinki/call/turvallinen-kauppa"
TEXTS = {"title": "Turvallinen kauppa", "summary": "Etsimme edullista turvaa.", "text": "Mistä on kyse.\n\nJa miksi."}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A portal of its own: open calls show on the front page of all."""
    folder = tmp_path_factory.mktemp("calls")
    with Responder() as resolver:
        environment = {"KYBERKUNTO_VAR": str(folder / "var"), "KYBERKUNTO_RESOLVERS": resolver.address}
        with serving(environment, folder / "log") as running:
            yield running


async def organiser() -> str:
    """The cookie of one of Helsinki."""
    somebody = await person("olli@helsinki.test", name="Olli")
    await give_role(somebody, RoleKind.ORGANISER, await city("helsinki"))
    await city("tampere")
    return await session_of(somebody)


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    wide = page.viewport_size
    assert wide is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0, page.url
    page.set_viewport_size(wide)


def publishes(page: Page) -> None:
    page.goto("/fi/city/helsinki/calls")
    stands_well(page)
    page.locator("#title").fill("Turvallinen kauppa")
    send(page, "/calls")
    page.goto(f"{CALL}/edit/texts")
    for name, text in TEXTS.items():
        for code in ("fi", "sv", "en"):
            page.locator(f"#{name}-{code}").fill(text)
    send(page, "/edit/texts")
    opens_yesterday(page)
    for rest in ("edit/criteria", "edit/criteria/effective", "cities", "end") if SOAK else ("edit/fields/new",):
        page.goto(f"{CALL}/{rest}")
        stands_well(page)
    page.goto(f"{CALL}/publish")
    send(page, "/publish")
    assert page.locator(".hds-notification--success").count() == 1


def opens_yesterday(page: Page) -> None:
    page.goto(f"{CALL}/edit/phases")
    stands_well(page)
    page.locator("#entries-begins-day").fill("2026-11-01")
    send(page, "/edit/phases")


def reads(page: Page) -> None:
    page.goto("/sv/")
    page.locator("a[href='/sv/call/turvallinen-kauppa']").click()
    stands_well(page)
    left = page.locator("[data-left-s]")
    assert re.fullmatch(r"\d+ dygn .+ kvar|\d+ dagar .+ kvar", left.inner_text()), left.inner_text()
    when = page.locator(".deadline__when")
    assert "(Helsingfors, UTC+" in when.locator("time").inner_text()
    assert re.match(r"Din tid: .+ \(New York\)", when.locator(".here").inner_text())
    page.locator("summary", has_text="Effektiv").click()
    assert page.locator(".anchors dt").first.is_visible()


def test_a_call_is_published_and_read(chromium: Browser, portal: Serving) -> None:
    made = chromium.new_context(base_url=portal.url)
    made.add_cookies([{"name": COOKIE, "value": in_database(portal, organiser()), "url": portal.url}])
    publishes(made.new_page())
    made.close()
    reader = chromium.new_context(base_url=portal.url, timezone_id="America/New_York")
    reads(reader.new_page())
    reader.close()


def test_without_scripts_the_date_stands_there_in_utc_too(chromium: Browser, portal: Serving) -> None:
    plain = chromium.new_context(base_url=portal.url, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/en/call/turvallinen-kauppa")
    assert page.locator("[data-left-s]").is_hidden()
    assert page.locator(".deadline__when .here").inner_text().endswith("(UTC)")
    plain.close()
