"""Somebody comes to a clinic, as they do it: the page of an event and its forms, without a barrier, in one language."""

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
from tests.portal.conftest import Installation, new_installation
from tests.portal.events.happening import LINK, MENTORS, SLUG, town
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import COOKIE, person, startup_of

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


class Filled(NamedTuple):
    """A served portal with a clinic; cookies of its organiser and of somebody with a startup."""

    portal: Serving
    clinic: str
    organiser: str
    founder: str


async def _session_of(somebody: Person) -> str:
    return await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))


async def _fill(installation: Installation) -> tuple[str, str, str]:
    installation.bind()
    async with database.pool():
        helsinki = await town()
        clinic = await helsinki.clinic(times=2, mentors=MENTORS)
        founder = await person("founder@lukko.example", name="Frida")
        await startup_of(founder)
        return str(clinic), await _session_of(helsinki.organiser), await _session_of(founder)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("events")
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


def signed_in(tab: BrowserContext, filled: Filled, cookie: str) -> Page:
    tab.add_cookies([{"name": COOKIE, "value": cookie, "url": filled.portal.url}])
    return tab.new_page()


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert page.evaluate(TOO_WIDE) == 0


def test_a_team_takes_a_mentor_s_time_and_gives_it_up(tab: BrowserContext, filled: Filled) -> None:
    page = signed_in(tab, filled, filled.founder)
    page.goto(f"/en/call/{SLUG}/event/{filled.clinic}")
    stands_well(page)
    page.get_by_role("button", name="Take a place").click()
    page.get_by_role("link", name="Choose a time.").click()
    page.get_by_label("Otto Opas").first.check()
    page.get_by_role("button", name="Take a place").click()
    page.wait_for_selector("#yours")
    assert "You meet Otto Opas" in page.inner_text("main")
    assert LINK in page.inner_text("main")
    stands_well(page)
    page.get_by_role("button", name="Give up the place").click()
    page.wait_for_selector("#register")
    assert "4 of 4 free" in page.inner_text("main")


def test_an_organiser_makes_an_info_session(tab: BrowserContext, filled: Filled) -> None:
    page = signed_in(tab, filled, filled.organiser)
    page.goto(f"/en/city/helsinki/call/{SLUG}/events")
    page.get_by_role("link", name="New info session").click()
    page.get_by_role("button", name="Make it").click()
    page.wait_for_selector("#summary")
    stands_well(page)
    for field, text in (("title-fi", "Ilta"), ("title-en", "Evening"), ("place", "Town hall")):
        page.locator(f"#{field}").fill(text)
    for field, text in (("begins-day", "2031-05-05"), ("begins-time", "17:00"), ("ends-time", "18:30")):
        page.locator(f"#{field}").fill(text)
    page.get_by_role("button", name="Make it").click()
    page.wait_for_selector("#guests")
    assert "5 May 2031, 5:00 pm – 6:30 pm" in page.inner_text("main")
    stands_well(page)
