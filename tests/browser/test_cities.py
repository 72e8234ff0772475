"""An administrator makes a city, its organiser writes its texts, an owner begins in its programme, as they do it."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from portal import database
from portal.accounts import sessions
from portal.accounts.sessions import Rise
from portal.accounts.tables import Person, RoleKind
from tests.browser.test_every_page import GRAVE, LANGUAGES, NARROW, TOO_WIDE
from tests.portal.conftest import Installation
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import COOKIE, give_role, person, startup_of

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A portal of its own: cities show on the front page of all."""
    folder = tmp_path_factory.mktemp("cities")
    with Responder() as resolver:
        environment = {"KYBERKUNTO_VAR": str(folder / "var"), "KYBERKUNTO_RESOLVERS": resolver.address}
        with serving(environment, folder / "log") as running:
            yield running


def in_database(portal: Serving, act: Coroutine[Any, Any, str]) -> str:
    """Runs that beside the portal, in its database."""

    async def run() -> str:
        Installation("sqlite", portal.environment).bind()
        async with database.pool():
            return await act

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, run()).result()


async def session_of(somebody: Person) -> str:
    return await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))


async def administrator() -> str:
    """The cookie of one."""
    somebody = await person("paula@kaupunki.test", name="Paula")
    await give_role(somebody, RoleKind.ADMINISTRATOR)
    return await session_of(somebody)


async def with_startup(address: str) -> str:
    """The cookie of somebody with a team of two."""
    somebody = await person(address)
    await startup_of(somebody, await person(f"timo.{address}", name="Timo"))
    return await session_of(somebody)


@pytest.fixture
def tabs() -> Iterator[list[BrowserContext]]:
    """The browsers of all who take part."""
    made: list[BrowserContext] = []
    yield made
    for each in made:
        each.close()


def tab(chromium: Browser, portal: Serving, tabs: list[BrowserContext], cookie: str = "") -> Page:
    """A browser of their own, where whoever has that cookie is signed in."""
    made = chromium.new_context(base_url=portal.url)
    made.set_default_timeout(PATIENCE_MS)
    if cookie:
        made.add_cookies([{"name": COOKIE, "value": cookie, "url": portal.url}])
    tabs.append(made)
    return made.new_page()


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and in no language anything wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    grave = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE]
    assert (page.url, grave) == (page.url, [])
    assert page.locator("h1").count() == 1
    wide, address = page.viewport_size, page.url
    assert wide is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0, address
    if page.locator("#summary").count() == 0:
        here = address.split("/")[3]
        for language in {*LANGUAGES} - {here}:
            page.goto(address.replace(f"/{here}/", f"/{language}/", 1))
            assert page.evaluate(TOO_WIDE) <= 0, page.url
        page.goto(address)
    page.set_viewport_size(wide)


def send(page: Page, action: str) -> None:
    """Presses the button of that form."""
    page.locator(f"form[action$='{action}'] button[type=submit]").first.click()
    page.wait_for_load_state()


def makes_city(page: Page) -> None:
    page.goto("/fi/administration")
    stands_well(page)
    page.locator("a[href$='/administration/city']").click()
    send(page, "/administration/city")
    page.wait_for_selector("#summary")
    stands_well(page)
    page.locator("#slug").fill("helsinki")
    page.locator("input[name=own][value=fi]").check()
    page.locator("input[name=languages][value=sv]").check()
    page.locator("#name-fi").fill("Helsinki")
    page.locator("#name-sv").fill("Helsingfors")
    page.locator("#contact").fill("yritykset@helsinki.test")
    send(page, "/administration/city")
    assert page.locator("input[name=duty]:checked").get_attribute("value") == "organiser"
    stands_well(page)
    page.locator("#address").fill("olli@helsinki.test")
    send(page, "/administration/invite")
    assert page.locator("h4").inner_text() == "olli@helsinki.test"
    stands_well(page)


def writes_texts(page: Page) -> None:
    page.goto("/fi/me/invitations")
    stands_well(page)
    page.locator("button[name=do][value=yes]").click()
    page.wait_for_url("**/city/helsinki/manage")
    stands_well(page)
    page.locator("a[href$='/manage/texts']").click()
    stands_well(page)
    page.locator("#privacy-fi").fill("Helsingin kaupunki laskee, montako yritystä on mukana.\n\nMuuta se ei näe.")
    send(page, "/manage/texts")
    assert page.locator(".hds-notification--success").count() == 1


def begins(page: Page) -> None:
    page.goto("/fi/")
    stands_well(page)
    page.locator("a[href$='/city/helsinki']").click()
    stands_well(page)
    page.goto("/sv/city/helsinki")
    assert page.locator("h1").inner_text() == "Helsingfors"
    assert page.locator("main div[lang=fi] p").count() == 2
    page.goto("/fi/questions?city=helsinki")
    assert page.locator("input[name=city]:checked").get_attribute("value") == "helsinki"
    stands_well(page)
    send(page, "/questions")
    assert page.locator("section[aria-labelledby=programme] a").inner_text() == "Helsinki"
    stands_well(page)
    send(page, "/programme")
    assert page.locator("section[aria-labelledby=programme] input[name=city]").count() == 1
    stands_well(page)


def test_a_city_begins(chromium: Browser, portal: Serving, tabs: list[BrowserContext]) -> None:
    makes_city(tab(chromium, portal, tabs, in_database(portal, administrator())))
    writes_texts(tab(chromium, portal, tabs, in_database(portal, with_startup("olli@helsinki.test"))))
    begins(tab(chromium, portal, tabs))


def test_a_team_is_looked_after(chromium: Browser, portal: Serving, tabs: list[BrowserContext]) -> None:
    page = tab(chromium, portal, tabs, in_database(portal, with_startup("salla@lukko.test")))
    page.goto("/sv/organisation")
    stands_well(page)
    page.goto("/sv/me")
    page.locator("a[href*='/organisation/']").first.click()
    stands_well(page)
    page.locator("#address").fill("uusi@")
    send(page, "/invite")
    page.wait_for_selector("#summary")
    stands_well(page)
    page.locator("#address").fill("uusi@lukko.test")
    send(page, "/invite")
    stands_well(page)
    send(page, "/owner")
    assert page.locator("form[action$='/leave']").count() == 1
    page.locator("a[href$='/delete']").click()
    stands_well(page)
    page.locator("#name").fill("lukko labs")
    send(page, "/delete")
    page.wait_for_url("**/sv/me")
    assert page.locator("a[href*='/organisation/']").count() == 0
