"""An organiser locks, ranks, decides and publishes, as they do it; the chair meets; everybody reads the results."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from portal import database
from portal.accounts import sessions
from portal.accounts.sessions import Rise
from portal.accounts.tables import Person
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE
from tests.portal.awards.judged import judged
from tests.portal.conftest import Installation, new_installation
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import COOKIE

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
ORGANISERS = "/en/city/helsinki/call/moonshot"
JURY = "/en/city/helsinki/jury/moonshot"


class Filled(NamedTuple):
    """A served portal whose jury has read; cookies of the organiser and of the chair."""

    portal: Serving
    organiser: str
    chair: str


async def _session_of(somebody: Person) -> str:
    return await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))


async def _fill(installation: Installation) -> tuple[str, str]:
    installation.bind()
    async with database.pool():
        made = await judged(has_final=False)
        await made.open()
        await made.score()
        return await _session_of(made.organiser), await _session_of(made.people[1])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("awards")
    with Responder() as resolver, ThreadPoolExecutor(1) as apart:
        installation = apart.submit(new_installation, "sqlite", folder, resolver.address).result()
        found = apart.submit(asyncio.run, _fill(installation)).result()
        with serving(installation.environment, folder / "log") as running:
            yield Filled(running, *found)


@pytest.fixture
def tab(chromium: Browser, filled: Filled) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=filled.portal.url)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def sign_in(tab: BrowserContext, filled: Filled, cookie: str) -> None:
    tab.clear_cookies()
    tab.add_cookies([{"name": COOKIE, "value": cookie, "url": filled.portal.url}])


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    grave = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE]
    assert (page.url, grave) == (page.url, [])
    wide = page.viewport_size
    assert wide is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0, page.url
    page.set_viewport_size(wide)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def test_an_organiser_locks_ranks_decides_and_publishes(tab: BrowserContext, filled: Filled) -> None:
    page = tab.new_page()
    sign_in(tab, filled, filled.organiser)
    page.goto(f"{ORGANISERS}/ranking")
    stands_well(page)
    page.get_by_role("link", name="Look what is missing, and lock the round").click()
    stands_well(page)
    press(page, "Lock the round for ever")
    assert page.locator(".standing-plot").count() == 6
    stands_well(page)

    page.get_by_role("link", name="Record what the jury decides").click()
    for number in range(1, 7):
        verdict = {1: "winner", 2: "pilot"}.get(number, "not-chosen")
        page.locator(f"input[name=verdict-{number}][value={verdict}]").check()
    press(page, "Save the decisions")
    assert "the ranking cannot tell it from its neighbour" in page.inner_text("#summary")
    stands_well(page)
    for number in (1, 2):
        page.fill(f"#reason-{number}", "The first one needs no IT provider.")
    press(page, "Save the decisions")
    assert "The decisions are saved." in page.inner_text("main")

    sign_in(tab, filled, filled.chair)
    page.goto(f"{JURY}/meeting")
    stands_well(page)
    page.get_by_role("link", name="Rank").click()
    assert "needs no IT provider" in page.inner_text("main")

    sign_in(tab, filled, filled.organiser)
    for stage in ("winners", "gallery"):
        page.goto(f"{ORGANISERS}/publish-results")
        stands_well(page)
        page.locator(f"form:has(input[value={stage}]) button").click()
        page.wait_for_load_state()
    page.goto(f"{ORGANISERS}/feedback")
    stands_well(page)
    press(page, "Send 6 letters")
    assert "All letters are sent." in page.inner_text("main")

    tab.clear_cookies()
    for address in ("results", "gallery"):
        page.goto(f"/en/call/moonshot/{address}")
        stands_well(page)
        assert "Solution 1" in page.inner_text("main")
