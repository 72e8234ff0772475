"""Awarded solutions and pilots in a real browser: beside the fix, on their own page, by the firm and the organiser."""

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
from portal.accounts.tables import City, Person, RoleKind
from portal.assessments.tables import AnswerSheet
from portal.programme import pilots, snapshots
from portal.programme.outcomes import outcome
from portal.programme.tables import Pilot
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE
from tests.portal.assessments.solutions.awarding import awarded
from tests.portal.conftest import Installation, new_installation
from tests.portal.events.happening import SLUG, published_call
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.programme.populating import populated
from tests.portal.programme.test_outcomes import pair
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import COOKIE, firm_of, give_role, person, startup_of

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


class Filled(NamedTuple):
    """A served portal with two awarded solutions, one with an open pilot and one whose pilot has ended."""

    portal: Serving
    cookies: dict[str, str]
    sheet: str
    ended: str


async def _session_of(somebody: Person) -> str:
    return await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))


async def _fill(installation: Installation) -> tuple[dict[str, str], str, str]:
    installation.bind()
    async with database.pool():
        known = await populated(count=40)
        await snapshots.go()
        row = await City.objects().where(City.id == known.id).first()
        assert row is not None
        await published_call(row)
        team = await startup_of(await person("lead@lukko.example"))
        first, second = [await awarded(team, known, call=SLUG) for _ in range(2)]
        await Pilot(solution=first, began_by="x").save()
        came = outcome([*[pair(-3)] * 10, *[pair(15, "backup")] * 11], ("backup",))
        await Pilot(solution=second, began_by="x", ended_at=row.created_at, outcome=pilots.kept(came)).save()
        owner, organiser = await person("owner@firm.example"), await person("organiser@helsinki.example")
        await give_role(organiser, RoleKind.ORGANISER, row)
        sheet = await sheet_with(everything(0))
        await AnswerSheet.update({AnswerSheet.firm: (await firm_of(owner)).id}).where(AnswerSheet.id == sheet.id)
        cookies = {"owner": await _session_of(owner), "organiser": await _session_of(organiser)}
        return cookies, sheet.token, str(second)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("pilots")
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


def sign_in(tab: BrowserContext, filled: Filled, who: str) -> None:
    tab.clear_cookies()
    tab.add_cookies([{"name": COOKIE, "value": filled.cookies[who], "url": filled.portal.url}])


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


def test_firm_finds_a_solution_beside_the_fix_and_joins_its_pilot(tab: BrowserContext, filled: Filled) -> None:
    sign_in(tab, filled, "owner")
    page = tab.new_page()
    page.goto(f"/en/q/{filled.sheet}/plan")
    fix = page.locator("#fix-copy-by-itself")
    if not fix.get_by_text("You can also buy help with this").is_visible():
        fix.locator("summary").first.click()
    assert fix.get_by_text("Awarded in Moonshot").count() == 2
    stands_well(page)
    fix.get_by_role("link", name="Take part in a pilot").click()
    stands_well(page)
    page.get_by_role("button", name="Take part").click()
    assert page.get_by_role("alert").get_by_text("Tick that the firm agrees to be counted.").is_visible()
    page.get_by_label("I may decide this for the firm").check()
    page.get_by_role("button", name="Take part").click()
    assert page.get_by_role("status").get_by_text("Your firm takes part.").is_visible()
    stands_well(page)


def test_everybody_reads_what_came_of_a_pilot_and_what_firms_lack(tab: BrowserContext, filled: Filled) -> None:
    page = tab.new_page()
    for address, heading in (
        (f"/en/solution/{filled.ended}", "Pilot"),
        ("/fi/solutions?fix=copy-by-itself", "Palkitut ratkaisut"),
        (f"/sv/call/{SLUG}", "Vad småföretagen saknar"),
    ):
        page.goto(address)
        assert page.get_by_role("heading", name=heading, exact=True).is_visible()
        stands_well(page)


def test_organiser_ends_the_pilot(tab: BrowserContext, filled: Filled) -> None:
    sign_in(tab, filled, "organiser")
    page = tab.new_page()
    page.goto(f"/en/city/helsinki/call/{SLUG}/pilots")
    stands_well(page)
    page.locator("summary", has_text="End the pilot").click()
    page.get_by_role("button", name="End it and publish what came of it").click()
    assert page.get_by_role("status").get_by_text("The pilot has ended.").is_visible()
