"""The page that says whether the service works."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from portal import settings
from portal.assessments.tables import Assessment, Worker
from portal.mail.tables import Letter
from portal.web import standing
from portal.web.standing import LATE, SOON, Pace
from tests.portal.conftest import Installation

pytestmark = pytest.mark.usefixtures("portal")

MAIL = {
    "KYBERKUNTO_SMTP_URL": "smtp://127.0.0.1:25",
    "KYBERKUNTO_MAIL_FROM": "kyberkunto@kaupunki.example",
    "KYBERKUNTO_PUBLIC_URL": "https://kyberkunto.kaupunki.example",
}


@pytest.fixture(autouse=True)
def _looks_anew() -> Iterator[None]:
    """Nothing is remembered from another test."""
    standing._last.seen = None  # noqa: SLF001 - what a process remembers
    yield
    standing._last.seen = None  # noqa: SLF001 - the same


@pytest.fixture
def _with_mail(portal: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001 - comes first
    """An installation that sends letters."""
    with monkeypatch.context() as patched:
        for name, value in MAIL.items():
            patched.setenv(name, value)
        settings.current.cache_clear()
        yield
    settings.current.cache_clear()


async def worker_beats(ago: timedelta = timedelta(0)) -> None:
    """A worker that was last alive so long ago."""
    await Worker(executor="here-1", beat_at=datetime.now(UTC) - ago).save()


async def check_waits(since: timedelta) -> None:
    """A check that was asked for so long ago, and is not begun."""
    await Assessment(
        token=f"token-{since}", domain="example.fi", language="fi", created_at=datetime.now(UTC) - since
    ).save()


async def test_with_a_worker_and_nothing_to_do_everything_works(browser: httpx.AsyncClient) -> None:
    await worker_beats()
    page = await browser.get("/en/status")
    assert page.status_code == 200
    assert "Everything works." in page.text
    assert "Works: begins at once" in page.text
    assert "Not in use here" in page.text  # no mail server is set


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "Kaikki toimii."), ("sv", "Allt fungerar."), ("en", "Everything works.")]
)
async def test_it_speaks_every_language_and_is_linked_from_every_page(
    browser: httpx.AsyncClient, language: str, words: str
) -> None:
    await worker_beats()
    assert words in (await browser.get(f"/{language}/status")).text
    for path in ("", "/now", "/nothing-here"):
        assert f'href="/{language}/status"' in (await browser.get(f"/{language}{path}")).text


async def test_without_a_worker_checks_stand_still(browser: httpx.AsyncClient) -> None:
    await worker_beats(timedelta(minutes=1))
    page = await browser.get("/en/status")
    assert "Stands still just now" in page.text
    assert "Everything works." not in page.text


@pytest.mark.parametrize(
    ("since", "pace"),
    [
        (timedelta(0), Pace.AT_ONCE),
        (SOON + timedelta(seconds=5), Pace.SOON),
        (LATE + timedelta(seconds=5), Pace.LATE),
    ],
)
async def test_the_oldest_check_that_waits_says_how_fast_it_goes(since: timedelta, pace: Pace) -> None:
    await worker_beats()
    await check_waits(since)
    await check_waits(timedelta(seconds=1))
    assert (await standing.look()).checks is pace


@pytest.mark.usefixtures("_with_mail")
async def test_a_letter_that_waits_says_how_fast_it_goes() -> None:
    await worker_beats()
    assert (await standing.look()).letters is Pace.AT_ONCE
    asked = datetime.now(UTC) - LATE - timedelta(seconds=5)
    await Letter(recipient="a@b.example", language="fi", kind="sheet-link", created_at=asked).save()
    seen = await standing.look()
    assert (seen.letters, seen.checks, seen.is_fine) == (Pace.LATE, Pace.AT_ONCE, False)


async def test_without_the_database_the_page_stands_and_says_so(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_args: object, **_kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(type(Worker._meta.db), "run_querystring", away)  # noqa: SLF001 - the table's engine
    page = await browser.get("/en/status")
    assert page.status_code == 200
    assert "Cannot be reached just now" in page.text


async def test_it_is_looked_up_once_in_a_while_however_often_it_is_asked_for(browser: httpx.AsyncClient) -> None:
    await worker_beats()
    first = (await browser.get("/en/status")).text
    await check_waits(LATE + timedelta(minutes=1))
    assert (await browser.get("/en/status")).text == first


async def test_it_tells_no_figures_names_or_places(browser: httpx.AsyncClient) -> None:
    await worker_beats()
    for minutes in range(7):
        await check_waits(timedelta(minutes=minutes))
    text = (await browser.get("/en/status")).text.partition("<main")[2].partition("</main")[0]
    for secret in ("here-1", "example.fi", "sqlite", "postgres", str(Path.cwd()), ">7<", " 7 "):
        assert secret not in text
