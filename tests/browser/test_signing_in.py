"""What somebody answered without an account is kept in one, closed to others, and there in another browser."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.portal.mail.conftest import MAIL_FROM
from tests.portal.mail.post_office import PostOffice
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving, wait_for

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
NARROW = {"width": 320, "height": 640}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE_MS = 60_000
ADDRESS = "anna@kahvila.test"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


@pytest.fixture
def portal(office: PostOffice, tmp_path: Path) -> Iterator[Serving]:
    """The portal with a mail server, whose checks find nobody but the resolver."""
    with Responder() as resolver:
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


def new_page(chromium: Browser, portal: Serving) -> Page:
    context = chromium.new_context(base_url=portal.url)
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def sign_in_from_form(page: Page, office: PostOffice) -> None:
    """Types the address, takes the link out of the letter, and presses its button."""
    before = len(office.taken)
    page.locator("#address").fill(ADDRESS)
    page.locator(".ask__button").click()
    page.wait_for_url("**/sign-in/sent")
    stands_well(page)
    wait_for(lambda: len(office.taken) > before, Path("the worker's log"))
    recipient, letter = office.taken[-1]
    assert recipient == ADDRESS
    page.goto(link_in(letter))
    stands_well(page)
    page.locator("main form button").click()


def link_in(letter: EmailMessage) -> str:
    [line] = [line for line in letter.get_content().splitlines() if line.startswith("http")]
    path: str = line.removeprefix("http://kyberkunto.test")
    return path


def answer_once(page: Page) -> str:
    """Begins the questionnaire and answers its first question; the sheet's path."""
    page.goto("/fi/questions")
    page.locator(".ask__button").click()
    page.wait_for_url("**/q/*")
    path = page.url.removeprefix(page.url.split("/fi/")[0])
    page.locator(".deeds .hds-button--primary").click()
    first = page.url
    page.locator(".tile").first.click()
    page.locator("main form button").click()
    page.wait_for_url(lambda url: url != first)
    page.goto(path)
    return path


def test_answers_are_kept_in_an_account_and_found_again_elsewhere(
    chromium: Browser, portal: Serving, office: PostOffice
) -> None:
    page = new_page(chromium, portal)
    path = answer_once(page)
    page.locator("a[href$='/keep']").click()
    stands_well(page)
    page.locator("#address").fill("anna@")
    page.locator(".ask__button").click()
    page.wait_for_selector("#summary")
    stands_well(page)
    sign_in_from_form(page, office)
    page.wait_for_url("**/q/*told=kept")
    assert page.locator("a[href$='/keep']").count() == 0
    page.goto("/fi/me")
    stands_well(page)
    assert page.locator(f"a[href='{path}']").count() == 1
    for sub in ("/fi/me/name", "/fi/me/sessions"):
        page.goto(sub)
        stands_well(page)
    page.goto("/fi/me")
    page.locator("form[action$='/sign-out'] button").click()
    page.wait_for_url("**/fi/")
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    stands_well(page)
    page.context.close()
    found_again_elsewhere(new_page(chromium, portal), office, path)


def found_again_elsewhere(page: Page, office: PostOffice, path: str) -> None:
    """In another browser: from the closed address to the answers."""
    page.goto(path)
    page.locator("main a[href*='/sign-in?next=']").click()
    stands_well(page)
    sign_in_from_form(page, office)
    page.wait_for_url(f"**{path}")
    page.goto(path)
    assert page.locator(".task__state").first.inner_text().startswith("1")
    page.goto("/fi/questions")
    page.locator("main form button").click()
    page.wait_for_url("**/q/*")
    page.locator("a[href$='/keep']").click()
    stands_well(page)
    page.locator("input[name=firm]").first.check()
    page.locator(".ask__button").click()
    page.wait_for_url("**/q/*told=kept")
    page.goto("/fi/me/sessions")
    assert page.locator(".share").count() == 1
    page.goto(link_in(office.taken[-1][1]))
    assert page.locator("h1").inner_text() == "Tätä linkkiä ei voi enää käyttää"
    stands_well(page)
    page.context.close()
