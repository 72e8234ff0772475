"""An owner shares, somebody else opens it elsewhere, the owner ends it and it is gone; and a badge is made."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from checks.contract import Record
from tests.browser.test_every_page import TOO_WIDE
from tests.conftest import SOAK
from tests.farm.farm import Farm
from tests.farm.sites import EVERYDAY, GOOD
from tests.portal.serving import Serving

pytestmark = [pytest.mark.browser, pytest.mark.soak]

LANGUAGES = ("fi", "sv", "en") if SOAK else ("en",)
"""Under soak each of these journeys is made in all three; otherwise other journeys in others."""
GONE = {
    "fi": "Tämä linkki ei enää vie mihinkään",
    "sv": "Den här länken leder inte längre någonstans",
    "en": "This link leads nowhere now",
}
WELL = {"fi": "Hyvin suojattu", "sv": "Väl skyddad", "en": "Well protected"}
WITHOUT_SCRIPTS = pytest.param({"java_script_enabled": False}, id="without-scripts")
WITH_SCRIPTS = pytest.param({}, id="with-scripts")


@pytest.fixture
def elsewhere(chromium: Browser, served: Serving) -> Iterator[Page]:
    """A tab of somebody else, on another device."""
    context = chromium.new_context(base_url=served.url)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def _checked(page: Page, language: str, domain: str) -> str:
    """The address of a result."""
    page.goto(f"/{language}/")
    page.locator("#domain").fill(domain)
    page.locator("form.ask button").click()
    page.wait_for_selector(".verdict")
    return page.url


def _share(page: Page, audience: str, ticks: int = 0) -> str:
    """From a result to a link, as an owner goes."""
    page.locator("section[aria-labelledby='share'] a[href$='/share']").click()
    page.locator(f"a[href$='/share/{audience}']").click()
    for place in range(ticks):
        page.locator(".tick__box").nth(place).check()
    page.locator("#note").fill("Anna")
    page.locator("#make").click()
    return page.locator(".share .link code").first.inner_text()


@pytest.mark.parametrize("context", [WITHOUT_SCRIPTS, WITH_SCRIPTS], indirect=True)
@pytest.mark.parametrize(
    ("audience", "ticks", "language"), [("report", 0, "fi"), ("letter", 0, "sv"), ("summary", 2, "en")]
)
def test_a_link_opens_elsewhere_until_its_owner_ends_it(  # noqa: PLR0913, PLR0917 - fixtures and cases
    page: Page, elsewhere: Page, language: str, audience: str, ticks: int, complaints: list[str]
) -> None:
    own = _checked(page, language, EVERYDAY.domain)
    address = _share(page, audience, ticks)
    answer = elsewhere.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert EVERYDAY.domain in elsewhere.locator("main").inner_text()
    assert own.rpartition("/")[2] not in elsewhere.content()
    assert elsewhere.locator("a[href*='/a/'], a[href*='/q/'], form[action*='/a/'], form[action*='/q/']").count() == 0
    if audience == "summary":
        assert elsewhere.locator(".finding").count() == ticks
        assert elsewhere.locator(".sign--fix-now, .sign--fix-later").count() == 0
    page.locator(".share form button").first.click()
    page.wait_for_selector(".hds-notification--success")
    assert page.locator(".share").count() == 0
    ended = elsewhere.reload()
    assert ended is not None
    assert ended.status == 404
    assert elsewhere.locator("h1").inner_text() == GONE[language]
    assert complaints == []


def test_the_reader_switches_the_language_and_stays(page: Page, elsewhere: Page) -> None:
    _checked(page, "fi", EVERYDAY.domain)
    address = _share(page, "letter")
    elsewhere.goto(address)
    elsewhere.locator(".tongues a[lang=sv]").click()
    assert elsewhere.url == address.replace("/fi/", "/sv/")
    assert elsewhere.locator("html").get_attribute("lang") == "sv"


def test_whoever_mends_it_sees_it_turn_and_so_does_the_owner(page: Page, elsewhere: Page, farm: Farm) -> None:
    _checked(page, "en", EVERYDAY.domain)
    elsewhere.goto(_share(page, "letter"))
    record = elsewhere.locator(".copy[data-copy^='v=DMARC1']").first.get_attribute("data-copy") or ""
    farm.publish(EVERYDAY.domain, Record("add", f"_dmarc.{EVERYDAY.domain}", "TXT", record))
    try:
        elsewhere.locator("#again form button").click()
        elsewhere.wait_for_selector("#again [role=status]")
        elsewhere.wait_for_selector("#again form button")
        assert elsewhere.locator(f".copy[data-copy='{record}']").count() == 0
        page.reload()
        page.locator(".share .facts a").click()
        page.wait_for_selector(".verdict")
        assert page.locator(f".copy[data-copy='{record}']").count() == 0
    finally:
        farm.restore(EVERYDAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_badge_is_made_embedded_and_ended(
    page: Page, elsewhere: Page, farm: Farm, language: str, complaints: list[str]
) -> None:
    _checked(page, language, GOOD.domain)
    page.locator("a[href$='/badge']").click()
    name, _, value = (page.locator(".record dd code").nth(place).text_content() or "" for place in range(3))
    farm.publish(GOOD.domain, Record("add", name, "TXT", value))
    try:
        page.locator("#mine").check()
        page.locator("main form button").click()
        page.wait_for_selector("img.badge")
    finally:
        farm.restore(GOOD)
    assert page.locator("img.badge").evaluate("image => image.complete && image.naturalWidth") == 344
    elsewhere.set_content(f"<!doctype html><title>A firm</title>{page.locator('pre.letter').inner_text()}")
    picture = elsewhere.locator("img")
    picture.scroll_into_view_if_needed()
    elsewhere.wait_for_function("document.images[0].complete && document.images[0].naturalWidth === 344")
    assert GOOD.domain in (picture.get_attribute("alt") or "")
    picture.click()
    elsewhere.wait_for_selector(".verdict")
    assert elsewhere.locator("h1").inner_text() == GOOD.domain
    assert elsewhere.locator(".sign--fine").inner_text() == WELL[language]
    elsewhere.set_viewport_size({"width": 320, "height": 640})
    assert elsewhere.evaluate(TOO_WIDE) <= 0
    page.locator("form[action$='/badge/end'] button").click()
    page.wait_for_selector("#mine")
    gone = elsewhere.reload()
    assert gone is not None
    assert gone.status == 404
    assert complaints == []
