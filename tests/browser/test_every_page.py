"""Every page, in every language, light and dark: no barrier that axe takes seriously, and nothing wider than 320 px.

Each page is opened in one language, each third page in the same; under soak in all three. What is the same in each,
such as how headings follow each other, is found in any.
"""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portal.assessments.catalogue import current
from tests.conftest import SOAK
from tests.farm.sites import EVERYDAY, LEFT_ALONE

pytestmark = [pytest.mark.browser, pytest.mark.soak]

ASKED = [each.id for each in (*current().profile, *current().questions) if not getattr(each, "shown_if", None)]
LANGUAGES = ("fi", "sv", "en")
GRAVE = {"serious", "critical"}
NARROW = {"width": 320, "height": 640}
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _at(path: str) -> Callable[[Page, str], None]:
    def go(page: Page, language: str) -> None:
        page.goto(f"/{language}{path}")

    return go


_results: dict[str, str] = {}
"""Where the result of a domain stands, after the language: one check serves every page that hangs on it."""

_sheets: dict[tuple[int, bool], str] = {}
"""Where a sheet stands, after the language, by how much of it was answered and whether it has a domain."""


def _checked(typed: str, wait_for: str) -> Callable[[Page, str], None]:
    def go(page: Page, language: str) -> None:
        if wait_for == ".verdict" and typed in _results:
            page.goto(f"/{language}/{_results[typed]}")
            return
        page.goto(f"/{language}/")
        page.locator("#domain").fill(typed)
        page.locator("form.ask button").click()
        page.wait_for_selector(wait_for)
        if wait_for == ".verdict":
            _results[typed] = page.url.partition(f"/{language}/")[2]

    return go


def _after_result(link: str) -> Callable[[Page, str], None]:
    def go(page: Page, language: str) -> None:
        _checked(EVERYDAY.domain, ".verdict")(page, language)
        page.locator(link).first.click()
        page.wait_for_selector("main form")

    return go


def _sent_empty(page: Page, language: str) -> None:
    _after_result(".cards a.quiet")(page, language)
    page.locator("main form button").click()
    page.wait_for_selector("#summary")


def _not_stated(page: Page, language: str) -> None:
    _after_result("a[href$='/ports']")(page, language)
    page.locator("main form button").click()
    page.wait_for_selector("#summary")


def _not_proven(page: Page, language: str) -> None:
    _after_result("a[href$='/ports']")(page, language)
    page.locator("#mine").check()
    page.locator("main form button").click()
    page.wait_for_selector(".hds-notification--alert")


def _at_questions(rest: str, *, answered: int = 0, domain: bool = False) -> Callable[[Page, str], None]:
    """A page of a sheet with that many questions answered by their first answer; one sheet serves all such pages."""

    def go(page: Page, language: str) -> None:
        if (answered, domain) in _sheets:
            page.goto(f"/{language}/{_sheets[answered, domain]}{rest}")
            return
        if domain:
            _checked(EVERYDAY.domain, ".verdict")(page, language)
            page.locator("form[action$='/questions'] button").click()
        else:
            _at("/questions")(page, language)
            page.locator("main form button").click()
        page.wait_for_selector(".tasks")
        sheet = page.url
        for place in range(answered):
            page.goto(f"{sheet}/{ASKED[place]}")
            page.locator(".tile").first.click()
            page.locator("main form button").click()
        _sheets[answered, domain] = sheet.partition(f"/{language}/")[2]
        page.goto(f"{sheet}{rest}")

    return go


def _sent_without(rest: str, button: str, **fill: str) -> Callable[[Page, str], None]:
    def go(page: Page, language: str) -> None:
        _at_questions(rest)(page, language)
        for field, typed in fill.items():
            page.locator(f"#{field}").fill(typed)
        page.locator(button).click()
        page.wait_for_selector("#summary")

    return go


def _sharing(rest: str, *, sheet: bool = False) -> Callable[[Page, str], None]:
    """A page of what is shared of a new result, or of a sheet with its check."""

    def go(page: Page, language: str) -> None:
        if sheet:
            _at_questions("/plan", answered=22, domain=True)(page, language)
            page.goto(f"{page.url.removesuffix('/plan')}/share{rest}")
        else:
            _checked(EVERYDAY.domain, ".verdict")(page, language)
            page.goto(f"{page.url}/share{rest}")

    return go


def _shared(audience: str, *, sheet: bool = False) -> Callable[[Page, str], None]:
    """The page of a link, opened by its owner."""

    def go(page: Page, language: str) -> None:
        _sharing(f"/{audience}", sheet=sheet)(page, language)
        for box in page.locator(".tick__box").all()[:3]:
            box.check()
        page.locator("#make").click()
        page.goto(page.locator(".share .link code").first.inner_text())

    return go


def _listed(page: Page, language: str) -> None:
    _sharing("/letter")(page, language)
    page.locator("#make").click()
    page.wait_for_selector(".share")


def _nothing_ticked(page: Page, language: str) -> None:
    _sharing("/summary")(page, language)
    page.locator("#make").click()
    page.wait_for_selector("#summary")


def _badge(page: Page, language: str) -> None:
    _after_result("a[href$='/badge']")(page, language)


PAGES: dict[str, Callable[[Page, str], None]] = {
    "home": _at("/"),
    "home-error": _checked("kahvila", "#summary"),
    "no-own-domain": _checked("me@gmail.com", ".steps"),
    "now": _at("/now"),
    "data": _at("/data"),
    "accessibility": _at("/accessibility"),
    "about": _at("/about"),
    "status": _at("/status"),
    "security": _at("/security"),
    "not-found": _at("/a/nothing-here"),
    "progress": _checked("mail-silent.test", ".findings"),
    "result": _checked(EVERYDAY.domain, ".verdict"),
    "no-such-domain": _checked("nothing.such.test", "main form"),
    "opted-out": _checked(LEFT_ALONE.domain, "main form"),
    "objection": _after_result(".cards a.quiet"),
    "objection-error": _sent_empty,
    "ports": _after_result("a[href$='/ports']"),
    "ports-not-stated": _not_stated,
    "ports-not-proven": _not_proven,
    "questions": _at("/questions"),
    "topics": _at_questions("", answered=3),
    "topics-domain": _at_questions("", domain=True),
    "question": _at_questions("/country"),
    "question-error": _sent_without("/country", "main form button"),
    "question-seen": _at_questions("/mail-sender", domain=True),
    "answers": _at_questions("/answers", answered=3, domain=True),
    "sheet-domain": _at_questions("/domain", domain=True),
    "sheet-domain-error": _sent_without("/domain", "main form button"),
    "plan": _at_questions("/plan", answered=22, domain=True),
    "links": _listed,
    "links-none": _sharing("", sheet=True),
    "share-letter": _sharing("/letter"),
    "share-summary": _sharing("/summary", sheet=True),
    "share-summary-error": _nothing_ticked,
    "shared-report": _shared("report"),
    "shared-sheet": _shared("report", sheet=True),
    "shared-letter": _shared("letter", sheet=True),
    "shared-summary": _shared("summary", sheet=True),
    "link-gone": _at("/s/nothing-here"),
    "badge": _badge,
    "plan-error": _sent_without("/plan", ".budget button", euro="much", hours=""),
}


def _barriers(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE]


ANEW = {
    *("home-error", "progress", "objection-error", "ports-not-stated", "ports-not-proven"),
    *("question-error", "sheet-domain-error", "share-summary-error", "plan-error"),
}
"""Pages that answer a form or pass by: in each language one gets there anew. The others have an address to open."""


def _in_each_language(page: Page, name: str) -> Iterator[str]:
    """Gets to the page once and opens it in the other languages, or gets there in each."""
    place = list(PAGES).index(name) % len(LANGUAGES)
    first, *others = LANGUAGES if SOAK else LANGUAGES[place : place + 1]
    PAGES[name](page, first)
    yield first
    address = page.url
    for language in others:
        if name in ANEW:
            PAGES[name](page, language)
        else:
            page.goto(address.replace(f"/{first}/", f"/{language}/", 1))
        yield language


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_barrier(page: Page, name: str, complaints: list[str]) -> None:
    wide = page.viewport_size
    assert wide is not None
    for place, language in enumerate(_in_each_language(page, name)):
        page.evaluate(UNFOLD)
        assert (language, _barriers(page)) == (language, [])
        if place == 0:  # the colours are the same in each
            page.emulate_media(color_scheme="dark")
            assert (language, _barriers(page)) == (language, [])
        page.set_viewport_size(NARROW)
        assert page.evaluate(TOO_WIDE) <= 0
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert page.locator("a[href$='/now']").count() >= 2
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(wide)
    assert complaints == []
