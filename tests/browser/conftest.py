"""The portal as people use it: served beside the farm, in Debian's Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.farm.farm import Farm
from tests.portal.serving import Serving, serving

PLENTY = "10000"
PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def served(farm: Farm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The portal, whose checks look at the farm."""
    folder = tmp_path_factory.mktemp("served")
    environment = {
        "KYBERKUNTO_VAR": str(folder / "var"),
        "KYBERKUNTO_RESOLVERS": farm.resolver,
        "KYBERKUNTO_ALLOW_NETWORKS": farm.allow_network,
        "KYBERKUNTO_OPERATOR_NAME": "Esimerkin kaupunki",
        "KYBERKUNTO_OPERATOR_CONTACT": "kyberkunto@kaupunki.test",
        "KYBERKUNTO_CHECKS_PER_CLIENT_PER_HOUR": PLENTY,
        "KYBERKUNTO_CHECKS_PER_TARGET_PER_HOUR": PLENTY,
        "KYBERKUNTO_WRITES_PER_CLIENT_PER_HOUR": PLENTY,
        "SSL_CERT_FILE": os.environ["SSL_CERT_FILE"],
    }
    with serving(environment, folder / "log") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about, such as what our content security policy forbids."""
    return []


@pytest.fixture
def context(chromium: Browser, served: Serving, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser of its own, nothing remembered. `indirect` parameters are those of Playwright's `new_context`."""
    options = getattr(request, "param", {})
    made = chromium.new_context(base_url=served.url, **options)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    """One empty tab. A page that is not there on purpose is no complaint."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            complaints.append(message.text)

    made = context.new_page()
    made.on("console", hear)
    return made
