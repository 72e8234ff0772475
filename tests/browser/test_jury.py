"""A juror declares, reads, marks and hands in, with the keyboard alone; an organiser's pages of the jury stand well."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from portal.accounts import sessions
from portal.accounts.sessions import Rise
from portal.accounts.tables import Person
from portal.juries.tables import ReadState, Score
from tests.browser.test_cities import in_database
from tests.browser.test_every_page import GRAVE, NARROW, TOO_WIDE
from tests.portal.juries.sitting import CRITERIA, SLUG, sitting
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import COOKIE

pytestmark = pytest.mark.browser

HOME = f"/fi/city/helsinki/jury/{SLUG}"
PANEL = f"/fi/city/helsinki/call/{SLUG}/jury"
SAVED_WITHIN_MS = 15_000


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A portal of its own."""
    folder = tmp_path_factory.mktemp("jury")
    with Responder() as resolver:
        environment = {"KYBERKUNTO_VAR": str(folder / "var"), "KYBERKUNTO_RESOLVERS": resolver.address}
        with serving(environment, folder / "log") as running:
            yield running


async def with_much_to_read() -> str:
    """The cookies of Helsinki's first juror, who has two entries to read, and of its organiser."""
    made = await sitting(entered=4, judges=4)
    await made.add()
    await made.open()
    await made.assign(undeclared=True)
    return f"{await _cookie(made.judges[0])} {await _cookie(made.organiser)}"


async def kept() -> str:
    """What the database has: states of the juror's readings, and how many totals there are."""
    found = await Score.select(Score.total, Score.feedback, Score.reading.state.as_alias("state"))
    return " ".join(f"{row['state']}:{row['total']:.1f}:{row['feedback']}" for row in found)


async def _cookie(somebody: Person) -> str:
    return await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    assert (page.url, [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE]) == (
        page.url,
        [],
    )
    wide = page.viewport_size
    assert wide is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0, page.url
    page.set_viewport_size(wide)


def press_until(page: Page, selector: str) -> None:
    """Goes on with Tab until that has the focus."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {selector} on {page.url}")


def reads_one(page: Page, marks: str) -> None:
    """Marks each criterion by digits and hands in with Enter, as the page says one can."""
    for (name, _), mark in zip(CRITERIA, marks.split(), strict=True):
        press_until(page, f"#criterion-{name} input")
        for digit in mark:
            page.keyboard.press(digit)
        expect(page.locator(f"#criterion-{name} input[value='{mark}']")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#saved")).to_contain_text("Tallennettu", timeout=SAVED_WITHIN_MS)


def test_a_juror_declares_scores_and_finishes_by_keyboard(chromium: Browser, portal: Serving) -> None:
    juror, organiser = in_database(portal, with_much_to_read()).split()
    context = chromium.new_context(base_url=portal.url, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": juror, "url": portal.url}])
    page = context.new_page()
    page.goto(HOME)
    stands_well(page)
    press_until(page, "main a.hds-button--primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/declare")
    stands_well(page)
    press_until(page, "#employer")
    page.keyboard.type("Kaupunki")
    press_until(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**told=declared")
    stands_well(page)
    press_until(page, "main a.hds-button--primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entry/*")
    stands_well(page)
    first = page.url
    reads_one(page, "10 7 0")
    press_until(page, "#feedback")
    page.keyboard.type("Hyvin mietitty.")
    press_until(page, "#marks button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/entry/" in url and url != first)
    reads_one(page, "3 3 3")
    page.keyboard.press("Enter")
    page.wait_for_url("**told=finished")
    stands_well(page)
    found = sorted(in_database(portal, kept()).split(" ", 1))
    assert sorted(" ".join(found).replace("Hyvin mietitty.", "Hyvin").split()) == [
        f"{ReadState.DONE}:30.0:",
        f"{ReadState.DONE}:{100 * 44 / 60:.1f}:Hyvin",
    ]
    context.clear_cookies()
    context.add_cookies([{"name": COOKIE, "value": organiser, "url": portal.url}])
    for path in (PANEL, f"{PANEL}/assign?undeclared=yes"):
        page.goto(path)
        stands_well(page)
    context.close()
