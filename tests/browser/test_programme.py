"""A city's figures in the browser, made by the worker itself: no barrier, and nothing wider than the screen."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from portal import database
from portal.accounts import sessions
from portal.accounts.sessions import Rise
from portal.accounts.tables import City, RoleKind
from tests.browser.test_every_page import GRAVE, LANGUAGES, NARROW, TOO_WIDE, UNFOLD
from tests.portal.conftest import Installation, new_installation
from tests.portal.programme.populating import populated
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving, wait_for
from tests.portal.signing import COOKIE, give_role, person

pytestmark = pytest.mark.browser
WIDTHS = ({"width": 390, "height": 844}, {"width": 1280, "height": 900}, NARROW)
PAGES = ("helsinki/programme", "helsinki/programme/organisers", "turku/programme")


async def _filled(installation: Installation) -> str:
    """A large city and a small one; the cookie of somebody who organises the first."""
    installation.bind()
    async with database.pool():
        city = await populated("helsinki", 200)
        await populated("turku", 9)
        somebody = await person("organiser@helsinki.example")
        await give_role(somebody, RoleKind.ORGANISER, await City.objects().get(City.id == city.id))
        return await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """A portal with two cities, whose worker has made their figures; and the organiser's cookie."""
    folder = tmp_path_factory.mktemp("programme")
    with Responder() as resolver, ThreadPoolExecutor(1) as apart:
        installation = apart.submit(new_installation, "sqlite", folder, resolver.address).result()
        cookie = apart.submit(asyncio.run, _filled(installation)).result()
        with serving(installation.environment, folder / "log") as running:
            wait_for(lambda: len(running.rows("SELECT id FROM snapshot")) == 2, running.log)
            yield running, cookie


@pytest.mark.parametrize("path", PAGES)
def test_figures_have_no_barrier(programme: tuple[Serving, str], chromium: Browser, path: str) -> None:
    portal, cookie = programme
    context = chromium.new_context(base_url=portal.url)
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": portal.url}])
    page = context.new_page()
    for language in LANGUAGES:
        for scheme in ("light", "dark") if language == LANGUAGES[0] else ("light",):  # the colours are the same in each
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for width in WIDTHS if scheme == "light" else WIDTHS[:1]:
                page.set_viewport_size(width)  # type: ignore[arg-type]
                page.goto(f"/{language}/city/{path}")
                assert page.locator("h1").count() == 1
                page.evaluate(UNFOLD)
                assert page.evaluate(TOO_WIDE) <= 0
                if "KYBERKUNTO_TEST_PICTURES" in os.environ and scheme == "light":
                    name = f"{path.replace('/', '-')}-{language}-{width['width']}.png"
                    page.screenshot(path=Path(os.environ["KYBERKUNTO_TEST_PICTURES"]) / name, full_page=True)
            found = Axe().run(page).response["violations"]
            assert [each["id"] for each in found if each["impact"] in GRAVE] == [], (language, scheme)
    context.close()
