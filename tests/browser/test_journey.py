"""A stranger types a domain, watches findings land, reads the result and takes the report home."""

import io
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page

from checks.contract import Record
from tests.conftest import SOAK
from tests.farm.farm import Farm
from tests.farm.sites import BROKEN_SITES, EVERYDAY, GOOD

pytestmark = [pytest.mark.browser, pytest.mark.soak]

DO_FIRST = {"fi": "Tee ensin", "sv": "Gör först", "en": "Do first"}
TITLE = {"fi": "Tulos: leipomo.test", "sv": "Resultat: leipomo.test", "en": "Result for leipomo.test"}
REPORT = {
    "fi": "Kyberkunto-raportti: leipomo.test",
    "sv": "Kyberkunto-rapport: leipomo.test",
    "en": "Kyberkunto report: leipomo.test",
}
OPEN_DOOR = {
    "fi": "Kuka tahansa internetissä voi kolkutella ovea, jonka kautta tietokonetta käytetään etänä.",
    "sv": "Vem som helst på internet kan knacka på dörren där en dator används på distans.",
    "en": "Anyone on the internet can knock at the door through which a computer is used from afar.",
}
LANGUAGES = ("fi", "sv", "en") if SOAK else ("fi",)
"""Under soak each of these journeys is made in all three; otherwise other journeys in others."""
WITHOUT_SCRIPTS = pytest.param({"java_script_enabled": False}, id="without-scripts")


def _begin(page: Page, language: str, typed: str) -> None:
    page.goto(f"/{language}/")
    page.locator("#domain").fill(typed)
    page.locator("form.ask button").click()


def _take_report(page: Page) -> pypdf.PdfReader:
    page.locator("#report button").click()
    with page.expect_download() as download:
        page.locator("#report a").click()
    path = download.value.path()
    return pypdf.PdfReader(io.BytesIO(Path(path).read_bytes()))


def _require_report(reader: pypdf.PdfReader, language: str) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == REPORT[language]
    assert str(reader.root_object["/Lang"]) == language  # type: ignore[index]
    first_page = reader.pages[0].extract_text()
    assert "leipomo.test" in first_page
    assert DO_FIRST[language] in first_page


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_stream_into_one_page_and_become_the_result(page: Page, language: str, complaints: list[str]) -> None:
    _begin(page, language, "https://www.leipomo.test/yhteys" if language == "fi" else EVERYDAY.domain)
    page.wait_for_selector(".lanes")
    page.evaluate("window.neverReloaded = true")
    page.wait_for_selector(".findings .finding, .verdict")
    page.wait_for_selector(".verdict")
    assert page.evaluate("window.neverReloaded") is True
    assert page.title() == f"{TITLE[language]} – Kyberkunto"
    assert page.locator("h2#first").inner_text() == DO_FIRST[language]
    assert page.locator(".cards > li").count() == 2
    _require_report(_take_report(page), language)
    assert complaints == []


@pytest.mark.parametrize("context", [WITHOUT_SCRIPTS], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_works_without_scripts(page: Page, language: str) -> None:
    _begin(page, language, EVERYDAY.domain)
    page.wait_for_selector(".verdict")
    assert page.locator("h2#first").inner_text() == DO_FIRST[language]
    assert page.locator("[data-copy]:visible").count() == 0
    _require_report(_take_report(page), language)


def test_a_finding_stands_on_the_page_before_the_check_has_ended(page: Page) -> None:
    _begin(page, "en", "mail-silent.test")
    page.wait_for_selector(".findings .finding")
    assert page.locator(".verdict").count() == 0
    assert "Waiting for:" in page.locator(".asking").inner_text()


def test_the_way_from_domain_to_report_can_be_gone_by_keyboard(page: Page) -> None:
    page.goto("/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "domain"
    page.keyboard.type(EVERYDAY.domain)
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#report') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#report a")


def test_a_good_domain_has_nothing_to_do_first(page: Page) -> None:
    _begin(page, "en", GOOD.domain)
    assert page.locator(".verdict").inner_text() == "Everything that we could look at is in order."
    assert page.locator("h2#first").count() == 0


def test_a_record_is_copied_as_one_line(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _begin(page, "en", EVERYDAY.domain)
    page.wait_for_selector(".verdict")
    button = page.locator(".cards .record .copy[data-copy^='v=DMARC1']")
    button.click()
    assert button.inner_text().startswith("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == button.get_attribute("data-copy")


def test_an_objection_reaches_the_operator(page: Page) -> None:
    _begin(page, "en", EVERYDAY.domain)
    page.locator(".cards a.quiet").first.click()
    page.locator("form button").click()
    assert page.locator("#summary li").inner_text() == "Write in a few words how it is."
    page.locator("#message").fill("We have one, at another name.")
    page.locator("form button").click()
    page.wait_for_selector(".hds-notification--success")
    assert page.locator(".hds-notification--success").inner_text() == (
        "Thank you. Those who run this service will read it."
    )


def test_the_language_changes_and_the_page_stays(page: Page) -> None:
    _begin(page, "en", EVERYDAY.domain)
    page.wait_for_selector(".verdict")
    address = page.url
    page.locator(".tongues a[lang=sv]").click()
    assert page.url == address.replace("/en/", "/sv/")
    assert page.locator("h2#first").inner_text() == DO_FIRST["sv"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_shows_and_says_that_the_domain_is_theirs_learns_which_doors_stand_open(
    page: Page, farm: Farm, language: str
) -> None:
    site = next(each for each in BROKEN_SITES if each.name == "rdp")
    _begin(page, language, site.domain)
    page.locator("a[href$='/ports']").click()
    name, _, value = (page.locator(".record dd code").nth(place).text_content() or "" for place in range(3))
    farm.publish(site.domain, Record("add", name, "TXT", value))
    try:
        page.locator("#mine").check()
        page.locator("main form button").click()
        page.wait_for_selector(".verdict")
        assert page.locator(".card__headline").inner_text() == OPEN_DOOR[language]
        assert page.locator("#ports, #left-out").count() == 0
    finally:
        farm.restore(site)


def test_what_was_left_out_is_asked_when_somebody_says_that_the_domain_is_theirs(page: Page) -> None:
    _begin(page, "en", GOOD.domain)
    page.locator("section[aria-labelledby='left-out'] a[href='#again']").click()
    assert "#again" in page.url
    page.locator("#again #mine").check()
    page.locator("#again button").click()
    page.wait_for_url(lambda address: "#again" not in address)
    page.wait_for_selector(".verdict")
    assert page.locator("#left-out").count() == 0
