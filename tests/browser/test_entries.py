"""A startup enters a call, writes its entry while it saves itself, sends a deck, and submits; its pages stand well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from challenge import decks
from tests.browser.test_cities import in_database, session_of, stands_well, tab
from tests.portal.entries.entered import SLUG, opened, pdf
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving
from tests.portal.signing import city, person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A portal of its own: open calls show on the front page of all."""
    folder = tmp_path_factory.mktemp("entries")
    with Responder() as resolver:
        environment = {"KYBERKUNTO_VAR": str(folder / "var"), "KYBERKUNTO_RESOLVERS": resolver.address}
        with serving(environment, folder / "log") as running:
            yield running


@pytest.fixture
def tabs() -> Iterator[list[BrowserContext]]:
    made: list[BrowserContext] = []
    yield made
    for each in made:
        each.close()


async def begun() -> str:
    """An open call, and somebody who is signed in."""
    await opened(await city("helsinki"))
    return await session_of(await person("anna@lukko.test", name="Anna"))


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value='{value}']").check()


def test_a_startup_enters_edits_and_submits(
    chromium: Browser, portal: Serving, tabs: list[BrowserContext], tmp_path: Path
) -> None:
    page = tab(chromium, portal, tabs, in_database(portal, begun()))
    page.goto(f"/fi/call/{SLUG}/enter")
    stands_well(page)
    for name, value in (("eligible-small", "yes"), ("team", "new"), ("track", "pilot"), ("home", "helsinki")):
        choose(page, name, value)
    page.locator("#name").fill("Lukko Labs")
    page.locator("main form button").click()
    page.wait_for_url("**/entry/*")
    _write(page)
    expect(page.locator("#saving")).to_contain_text("Tallennettu")
    page.reload()
    expect(page.locator("#title")).to_have_value("Lukko kassoille")
    _send_files(page, tmp_path)
    expect(page.locator("[data-complete]")).to_be_visible()
    stands_well(page)
    page.locator("button[name=then]").click()
    page.wait_for_url("**/submit")
    stands_well(page)
    page.locator("main form button").click()
    page.wait_for_url("**/receipt/1")
    expect(page.locator("h1")).to_have_text("Kilpailuehdotuksesi on vastaanotettu")
    stands_well(page)
    page.goto("/fi/me")
    stands_well(page)


def _write(page: Page) -> None:
    page.locator("#title").fill("Lukko kassoille")
    page.locator("#summary").fill("x" * 1003)
    expect(page.locator("#summary-count")).to_have_text("3 merkkiä liikaa")
    page.locator("#summary").fill("Varmuuskopioi kassan joka yö.")
    page.locator("#closes details summary").first.click()
    page.locator("#closes input").first.check()
    page.locator("#price").fill("120,50")
    page.locator("#hours").fill("2")
    choose(page, "skills", "owner")
    for name, value in (("speaks", "fi"), ("countries", "FI"), ("own-stage", "pilot")):
        choose(page, name, value)
    page.locator("#own-why").fill("Nyt on aika.")
    expect(page.locator("[data-missing]")).to_have_text("Esityskalvot: Tiedosto puuttuu.")


def _send_files(page: Page, folder: Path) -> None:
    """One too large is refused before it is sent; one that fits is sent as soon as it is chosen."""
    large, deck = folder / "large.pdf", folder / "pitch.pdf"
    large.write_bytes(b"%PDF-" + b"0" * (decks.LARGEST + 2 * 1024 * 1024))
    deck.write_bytes(pdf(3))
    page.locator("#file-deck").set_input_files(large)
    expect(page.locator("#file-deck-error")).to_have_text("Tiedosto on 2 Mt liian suuri. Enintään 10 Mt käy.")
    page.locator("#title").fill("Lukko kassoille")
    page.locator("#file-deck").set_input_files(deck)
    page.wait_for_url("**told=uploaded**")
    expect(page.locator(".file__here").first).to_contain_text("pitch.pdf")
