"""An owner answers the questionnaire: without scripts on the narrowest phone, by keyboard alone, with a domain."""

import re

import pytest
from playwright.sync_api import Page

from portal.assessments.catalogue import current
from tests.browser.test_every_page import TOO_WIDE
from tests.conftest import SOAK
from tests.farm.farm import Farm
from tests.farm.sites import EVERYDAY

pytestmark = [pytest.mark.browser, pytest.mark.soak]

LANGUAGES = ("fi", "sv", "en") if SOAK else ("sv",)
"""Under soak each of these journeys is made in all three; otherwise other journeys in others."""
NARROW_WITHOUT_SCRIPTS = pytest.param(
    {"java_script_enabled": False, "viewport": {"width": 320, "height": 640}}, id="narrow-without-scripts"
)
QUESTION = re.compile(r"/q/[\w-]{32}/([\w-]+)$")
MOST_TABS = 60


def _questions(page: Page) -> int:
    """How many questions there are, as the page of one tells."""
    return int(re.findall(r"\d+", page.locator("#progress").inner_text())[-1])


def _here(page: Page) -> str:
    found = QUESTION.search(page.url)
    assert found is not None, page.url
    return found.group(1)


def _tab_to(page: Page, selector: str) -> None:
    """Presses Tab until what the selector names has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached on {page.url}")


def _require_whole(page: Page, language: str) -> None:
    """The way has ended: everything is answered, and there is a plan that begins with the gravest."""
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".given__row .aside").count() == 0
    page.locator("main a.hds-button--primary").click()
    page.wait_for_url("**/plan")
    assert page.locator("h1").count() == 1
    assert page.locator(".gap").count() == sum(question.critical for question in current().questions)
    assert page.locator(".cards .card").count() == 3


@pytest.mark.parametrize("context", [NARROW_WITHOUT_SCRIPTS], indirect=True)
def test_the_whole_way_asks_everything_once(page: Page) -> None:
    language = "en"
    page.goto(f"/{language}/questions")
    page.locator("main form button").click()
    page.locator("main a.hds-button--primary").click()
    seen: list[str] = []
    while not page.url.endswith("/answers"):
        seen.append(_here(page))
        assert page.locator("h1").inner_text()
        assert page.evaluate(TOO_WIDE) <= 0
        page.locator(".tile").first.click()
        total = _questions(page)
        page.locator("main form button").click()
    assert len(seen) == len(set(seen)) == total
    _require_whole(page, language)
    assert page.evaluate(TOO_WIDE) <= 0
    page.locator("#hours").fill("2")
    page.locator(".budget button").click()
    assert page.locator("#hours").input_value() == "2"
    before = page.locator(".score figcaption").first.inner_text()
    page.locator(".card form button").first.click()
    assert page.locator(".ticked").count() == 1
    assert page.locator(".score figcaption").first.inner_text() != before


@pytest.mark.parametrize("context", [NARROW_WITHOUT_SCRIPTS], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_way_can_be_gone_by_keyboard_without_scripts_on_the_narrowest_phone(
    page: Page, language: str, complaints: list[str]
) -> None:
    page.goto(f"/{language}/questions")
    _tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tasks")
    _tab_to(page, "main a.hds-button--primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tiles")
    while not page.url.endswith("/answers"):
        here = page.url
        assert page.evaluate(TOO_WIDE) <= 0
        _tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, before=here: address != before)
    _require_whole(page, language)
    _tab_to(page, "#hours")
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan#plan")
    assert page.locator("#hours").input_value() == "1"
    _tab_to(page, ".card button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ticked")
    assert complaints == []


def test_who_forgets_to_choose_is_led_to_the_field(page: Page) -> None:
    page.goto("/en/questions")
    page.locator("main form button").click()
    page.locator("main a.hds-button--primary").click()
    page.locator("main form button").click()
    page.wait_for_selector("#summary")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer-1"


def test_the_link_leads_back_on_another_device_where_one_was_interrupted(page: Page) -> None:
    page.goto("/fi/questions")
    page.locator("main form button").click()
    page.locator("main a.hds-button--primary").click()
    for _ in range(3):
        page.locator(".tile").first.click()
        page.locator("main form button").click()
    page.locator("p.aside a").click()
    link = page.locator(".link code").inner_text()
    browser = page.context.browser
    assert browser is not None
    laptop = browser.new_context()
    try:
        there = laptop.new_page()
        there.goto(link)
        there.locator("main a.hds-button--primary").click()
        assert _here(there) == current().profile[3].id
    finally:
        laptop.close()


def test_the_link_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/en/questions")
    page.locator("main form button").click()
    page.locator(".link .copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_check_of_the_domain_saw_comes_along(page: Page, farm: Farm, language: str) -> None:
    assert farm.resolver
    page.goto(f"/{language}/")
    page.locator("#domain").fill(EVERYDAY.domain)
    page.locator("form.ask button").click()
    page.wait_for_selector(".verdict")
    page.locator("form[action$='/questions'] button").click()
    page.wait_for_selector(".tasks")
    page.goto(f"{page.url}/mail-sender")
    assert page.locator(".seen").count() == 1
    assert page.locator("input[type=radio]:checked").get_attribute("value") == "nothing"
    page.locator("input[value=stopped]").check()
    page.locator("main form button").click()
    page.goto(re.sub(r"/[\w-]+$", "/plan", page.url))
    assert page.locator("#doubts").count() == 1
    assert EVERYDAY.domain in page.locator(".seen--doubt").first.inner_text()
    assert page.locator(".bars tr").last.locator("th").inner_text()
    assert page.locator("code", has_text="v=DMARC1").count() > 0
