"""What all tests share: what they need from the machine, how long they try, and the farm of real servers."""

import os
import shutil
from collections.abc import Callable, Iterator

import hypothesis
import pytest

from tests.farm.farm import Farm, missing

SOAK = os.environ.get("KYBERKUNTO_SOAK") == "1"

hypothesis.settings.register_profile("small", max_examples=30, deadline=None, database=None)
hypothesis.settings.register_profile("soak", max_examples=5000, deadline=None, database=None)
hypothesis.settings.load_profile("soak" if SOAK else "small")


def _no_browser() -> str | None:
    return None if shutil.which("chromium") else "not installed: chromium"


def _no_postgres() -> str | None:
    return None if os.environ.get("KYBERKUNTO_TEST_POSTGRES") else "no PostgreSQL: run it by tools/test"


def _no_nmap() -> str | None:
    return None if shutil.which("nmap") else "not installed: nmap"


def _no_caddy() -> str | None:
    return None if shutil.which("caddy") else "not installed: caddy"


NEEDS: dict[str, Callable[[], str | None]] = {
    "farm": missing,
    "browser": _no_browser,
    "postgres": _no_postgres,
    "nmap": _no_nmap,
    "caddy": _no_caddy,
}
"""What a test with that marker needs from the machine: a function that says why it cannot be had."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses the farm is marked so, and whoever tries made-up cases counts them in a soak.

    The browser comes last: Playwright keeps an event loop of its own running.
    """
    for item in items:
        if "farm" in getattr(item, "fixturenames", ()):
            item.add_marker("farm")
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("soak")
            tried: hypothesis.settings = item.obj._hypothesis_internal_use_settings  # type: ignore[attr-defined]  # noqa: SLF001 - hypothesis has no other way
            item.user_properties.append(("cases", tried.max_examples))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips, with the reason, what cannot run here. With CI=true nothing is skipped silently: it fails."""
    for marker, why_not in NEEDS.items():
        if item.get_closest_marker(marker) and (reason := why_not()):
            if os.environ.get("CI") == "true":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


@pytest.fixture(scope="session")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """The farm, running. SSL_CERT_FILE names its root for this process and those it starts."""
    with pytest.MonkeyPatch.context() as environment:
        running = Farm(tmp_path_factory.mktemp("farm"))
        environment.setenv("SSL_CERT_FILE", str(running.ca_file))
        running.start()
        yield running
        running.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many outcomes that offer something to paste were proven to be mended by it; and what the matrix found."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    told = [each for report in reports for each in report.user_properties]
    proofs = [value for name, value in told if name == "proof"]
    cells, leaks = (sum(value for name, value in told if name == wanted) for wanted in ("cells", "leaks"))
    if cells:
        terminalreporter.write_line(f"{cells} cells, {leaks} leaks")
    if proofs:
        offered = {(check, outcome) for check, outcome, _holds in proofs}
        unproven = {(check, outcome) for check, outcome, holds in proofs if not holds}
        terminalreporter.write_line(f"proved {len(offered - unproven)} of {len(offered)}")
        for check, outcome in sorted(unproven):
            terminalreporter.write_line(f"not proven: {check} {outcome}")
