"""Somebody signs in by letter and shows a second step in Chromium: a passkey of a virtual authenticator, or an app."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.portal.mail.conftest import MAIL_FROM
from tests.portal.mail.post_office import PostOffice
from tests.portal.responder import Responder
from tests.portal.serving import Serving, wait_for

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}
NARROW = {"width": 320, "height": 640}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE_MS = 60_000
MINE = "SELECT uses FROM passkey JOIN person ON person.id = passkey.person WHERE address LIKE 'berta@%'"
ANNA, BERTA, CECILIA, DORIS = (f"{name}@kahvila.test" for name in ("anna", "berta", "cecilia", "doris"))


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


@pytest.fixture(scope="module")
def portal(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The portal at `localhost`, where browsers make passkeys without TLS, with a mail server."""
    folder = tmp_path_factory.mktemp("second-step")
    with Responder() as resolver:
        environment = {
            "KYBERKUNTO_VAR": str(folder / "var"),
            "KYBERKUNTO_RESOLVERS": resolver.address,
            "KYBERKUNTO_SMTP_URL": f"smtp://127.0.0.1:{office.port}",
            "KYBERKUNTO_MAIL_FROM": MAIL_FROM,
        }
        made = Serving(environment, folder / "log")
        made.url = made.environment["KYBERKUNTO_PUBLIC_URL"] = f"http://localhost:{made.port}"
        made.start()
        yield made
        made.stop()


@pytest.fixture
def context(chromium: Browser, portal: Serving, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=portal.url, **getattr(request, "param", {}))
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """A telephone's passkeys, in software: it always finds its owner's finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def stands_well(page: Page) -> None:
    """No barrier that axe takes seriously, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= 0
    page.set_viewport_size(size)


def letters_to(address: str, office: PostOffice) -> list[str]:
    return [f"{letter['Subject']}\n{letter.get_content()}" for whom, letter in office.taken if whom == address]


def links_to(address: str, office: PostOffice) -> list[str]:
    return re.findall(r"http://localhost:\d+(/en/sign-in/\S+)", "\n".join(letters_to(address, office)))


def sign_in(page: Page, office: PostOffice, portal: Serving, address: str, goes_on: str) -> None:
    """Asks for a letter, opens its link and says yes."""
    before = len(links_to(address, office))
    page.goto(f"/en/sign-in?next={goes_on}")
    page.locator("main input[type=email]").fill(address)
    page.locator("main form button[type=submit]").click()
    wait_for(lambda: len(links_to(address, office)) > before, portal.log)
    page.goto(links_to(address, office)[-1])
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_passkey_is_made_and_told_of_when_it_does_not_work(
    page: Page, office: PostOffice, portal: Serving, complaints: list[str]
) -> None:
    devtools, authenticator = with_authenticator(page)
    sign_in(page, office, portal, ANNA, "/en/me/second-step?next=/en/about")
    assert page.locator("h1").inner_text() == "Set up a second step"
    stands_well(page)
    page.locator("main a[href*='/passkey']").click()
    page.wait_for_selector("form.passkey:not([hidden])")
    assert not page.locator(".passkey__elsewhere").is_visible()
    stands_well(page)
    page.locator("#name").fill("Anna's telephone")
    page.locator("#use-passkey").click()
    page.wait_for_url("**/me/second-factors/codes?next=/en/about")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    stands_well(page)
    page.locator("main form button").click()
    assert page.locator(".codes li").count() == 10
    stands_well(page)
    page.locator("main .deeds a").click()
    page.wait_for_url("**/en/about")

    sign_out(page)
    sign_in(page, office, portal, ANNA, "/en/me/second-step?next=/en/me/second-factors")
    assert page.locator("h1").inner_text() == "Show that it is you"
    stands_well(page)
    page.route("**/passkey/ask", lambda route: route.fulfill(status=429))
    page.locator("#use-passkey").click()
    page.wait_for_selector(".passkey__refused:not([hidden])")
    stands_well(page)
    assert complaints == []


def test_passkey_lets_in_again_until_it_is_removed(
    page: Page, office: PostOffice, portal: Serving, complaints: list[str]
) -> None:
    devtools, authenticator = with_authenticator(page)
    sign_in(page, office, portal, BERTA, "/en/me/second-factors/passkey")
    page.locator("#use-passkey").click()
    page.wait_for_url("**/me/second-factors/codes")
    for count in (2, 3):
        sign_out(page)
        sign_in(page, office, portal, BERTA, "/en/me/second-step?next=/en/me/second-factors")
        page.locator("#use-passkey").click()
        page.wait_for_url(f"{portal.url}/en/me/second-factors")
        [kept] = devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
        assert portal.rows(MINE) == [(kept["signCount"],)] == [(count,)]
    stands_well(page)
    page.locator("form[action$='/remove'] button").click()
    page.wait_for_url("**/me/second-factors?done=removed")
    assert portal.rows(MINE) == []
    wait_for(lambda: any("passkey was removed" in text for text in letters_to(BERTA, office)), portal.log)
    assert any("passkey was added" in text for text in letters_to(BERTA, office))
    assert complaints == []


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_an_app_does(page: Page, office: PostOffice, portal: Serving) -> None:
    sign_in(page, office, portal, CECILIA, "/en/me/second-factors/passkey")
    assert not page.locator("form.passkey").is_visible()
    assert page.locator(".passkey__elsewhere").is_visible()
    page.locator("main a[href*='/second-factors/app']").click()
    key = "".join(page.locator(".link code").inner_text().split())
    page.locator("#code").fill(pyotp.TOTP(key).now())
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/me/second-factors/codes")
    page.locator("main form button").click()
    code = page.locator(".codes code").first.inner_text()
    sign_out(page)
    sign_in(page, office, portal, CECILIA, "/en/me/second-step?next=/en/me/second-factors")
    page.locator("summary").click()
    page.locator("#recovery").fill(code)
    page.locator("form[action$='/recovery'] button").click()
    page.wait_for_url(f"{portal.url}/en/me/second-factors")
    assert "9 codes are left" in page.locator("main").inner_text()


@pytest.mark.parametrize("context", [{"color_scheme": "dark"}], indirect=True)
def test_app_is_set_up_and_no_page_has_a_barrier_in_the_dark(
    page: Page, office: PostOffice, portal: Serving, complaints: list[str]
) -> None:
    sign_in(page, office, portal, DORIS, "/en/me/second-factors/app")
    stands_well(page)
    page.locator("#code").fill("1")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("#summary")
    stands_well(page)
    key = "".join(page.locator(".link code").inner_text().split())
    page.locator("#code").fill(pyotp.TOTP(key).now())
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/me/second-factors/codes")
    page.goto("/en/me/second-factors")
    stands_well(page)
    assert complaints == []
