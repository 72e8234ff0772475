"""What every kind of response says about what a browser may do with it (OWASP ASVS 5.0, V3.2, V3.4 and V4.1.1)."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from portal import settings
from portal.assessments.tables import Stage
from portal.exports.tickets import Ticket, Whose
from portal.sharing.tables import Badge
from portal.web import standing
from portal.web.headers import CONTENT_SECURITY_POLICY
from tests.portal.assessments.findings import NO_DMARC, made
from tests.portal.conftest import Installation
from tests.portal.pages.asking import DOMAIN, form_token, keep, keep_report

Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
CERTIFICATE = made("tls.expiry", "valid", DOMAIN, expires="2027-02-03T22:30:00+00:00", authority="Some CA")
HSTS = "max-age=31536000"


@pytest.fixture(autouse=True)
def _over_https(portal: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001 - comes first
    """An installation that people reach over TLS, and that names whom to tell of a weakness."""
    with monkeypatch.context() as patched:
        patched.setenv("KYBERKUNTO_PUBLIC_URL", "https://kyberkunto.example.org")
        patched.setenv("KYBERKUNTO_OPERATOR_CONTACT", "kyberkunto@example.org")
        patched.setenv("KYBERKUNTO_WRITES_PER_CLIENT_PER_HOUR", "1")
        settings.current.cache_clear()
        yield
    settings.current.cache_clear()


def at(path: str, method: str = "GET") -> Ask:
    """What stands at an address."""
    return lambda browser: browser.request(method, path)


def of_check(rest: str) -> Ask:
    """What stands below the address of a check that has ended."""

    async def ask(browser: httpx.AsyncClient) -> httpx.Response:
        row = await keep(NO_DMARC, CERTIFICATE)
        await keep_report(row, Stage.DONE, b"%PDF-")
        return await browser.get(f"/en/a/{row.token}{rest}")

    return ask


async def calendar(browser: httpx.AsyncClient) -> httpx.Response:
    """A calendar that a program fetches."""
    row = await keep(NO_DMARC, CERTIFICATE)
    return await browser.get(f"/en/calendar/{Ticket(Whose.CHECK, row.id).text()}.ics")


async def badge(browser: httpx.AsyncClient) -> httpx.Response:
    """The one thing that other sites show."""
    row = await keep(CERTIFICATE)
    until = datetime.now(UTC) + timedelta(days=100)
    await Badge(token="a-badge", domain=row.domain, assessment=row.id, expires_at=until).save()
    return await browser.get("/en/b/a-badge/badge.svg")


async def form_without_token(browser: httpx.AsyncClient) -> httpx.Response:
    """A write that is refused."""
    return await browser.post("/en", data={"domain": DOMAIN})


async def form_too_large(browser: httpx.AsyncClient) -> httpx.Response:
    """A write that is too long."""
    token = form_token(await browser.get("/en"))
    return await browser.post("/en", data={"domain": "x" * 100_000, "_csrf": token})


async def form_taken(browser: httpx.AsyncClient) -> httpx.Response:
    """A write after which the browser is sent on."""
    token = form_token(await browser.get("/en"))
    return await browser.post("/en", data={"domain": DOMAIN, "_csrf": token})


async def form_too_many(browser: httpx.AsyncClient) -> httpx.Response:
    """A write that is one too many."""
    await form_taken(browser)
    return await form_taken(browser)


KINDS: dict[str, tuple[int, Ask]] = {
    "page": (200, at("/en")),
    "language-chosen": (303, at("/")),
    "status": (200, at("/fi/status")),
    "json": (200, at("/health")),
    "ready": (200, at("/ready")),
    "schema": (200, at("/schema/check.json")),
    "security-txt": (200, at("/.well-known/security.txt")),
    "static-style": (200, at("/static/portal.css")),
    "static-script": (200, at("/static/portal.js")),
    "static-picture": (200, at("/static/icon.svg")),
    "static-font": (200, at("/static/vendor/fonts/SourceSans3.woff2")),
    "static-for-ever": (200, at("/static/icon.svg?v=0123")),
    "static-missing": (404, at("/static/nothing")),
    "static-folder": (404, at("/static/")),
    "static-above": (404, at("/static/..%2fapp.py")),
    "not-found": (404, at("/en/nothing")),
    "version-control": (404, at("/.git/config")),
    "description-of-ours": (404, at("/schema")),
    "nowhere": (404, at("/no/such/thing/at/all")),
    "wrong-method": (405, at("/en/now", "DELETE")),
    "trace": (405, at("/en", "TRACE")),
    "options": (204, at("/en", "OPTIONS")),
    "result": (200, of_check("")),
    "events": (200, of_check("/events")),
    "pdf": (200, of_check("/report.pdf")),
    "download-json": (200, of_check("/take/data.json")),
    "download-csv": (200, of_check("/take/plan.csv")),
    "download-xlsx": (200, of_check("/take/tables.xlsx")),
    "download-calendar": (200, of_check("/take/calendar.ics")),
    "no-such-file": (404, of_check("/take/nothing.zip")),
    "calendar": (200, calendar),
    "badge": (200, badge),
    "form-refused": (403, form_without_token),
    "form-too-large": (413, form_too_large),
    "form-taken": (303, form_taken),
    "form-too-many": (429, form_too_many),
}
DOWNLOADS = {name for name in KINDS if name.startswith("download-")} | {"pdf"}


async def answered(browser: httpx.AsyncClient, kind: str) -> httpx.Response:
    """A response of that kind, with the status that makes it one."""
    status, ask = KINDS[kind]
    answer = await ask(browser)
    assert answer.status_code == status, answer.text[:300]
    return answer


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_response_carries_the_walls(browser: httpx.AsyncClient, kind: str) -> None:
    headers = (await answered(browser, kind)).headers
    assert headers["strict-transport-security"] == HSTS
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    if kind != "badge":
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["cross-origin-resource-policy"] == "same-origin"
    for name in headers:
        assert not name.startswith("access-control-")
    assert "server" not in headers


async def test_what_other_sites_show_can_do_nothing(browser: httpx.AsyncClient) -> None:
    headers = (await answered(browser, "badge")).headers
    assert headers["content-security-policy"].endswith("sandbox")
    assert headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("kind", sorted(DOWNLOADS))
async def test_what_is_to_be_kept_is_not_shown_in_the_browser(browser: httpx.AsyncClient, kind: str) -> None:
    headers = (await answered(browser, kind)).headers
    assert headers["content-disposition"].startswith('attachment; filename="')
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", KINDS)
async def test_every_body_says_what_it_is_and_in_which_letters(browser: httpx.AsyncClient, kind: str) -> None:
    answer = await answered(browser, kind)
    if not answer.content:
        return
    of, _, parameters = answer.headers["content-type"].partition(";")
    assert of
    if of.startswith("text/") or of.endswith("+xml"):
        assert parameters.strip().lower() == "charset=utf-8"


@pytest.mark.parametrize("kind", ["result", "events", "pdf", "calendar", "no-such-file", "download-csv"])
async def test_what_is_for_few_stays_in_no_cache(browser: httpx.AsyncClient, kind: str) -> None:
    headers = (await answered(browser, kind)).headers
    assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")


async def test_our_own_fault_carries_them_too_and_tells_nothing(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise RuntimeError("SELECT secret FROM table")

    monkeypatch.setattr(standing, "look", broken)
    monkeypatch.setattr(standing._last, "seen", None)  # noqa: SLF001 - what a process remembers
    answer = await browser.get("/en/status")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["strict-transport-security"] == HSTS
    for inside in ("SELECT", "Traceback", "RuntimeError", "/src/"):
        assert inside not in answer.text


async def test_names_below_ours_are_included_where_the_operator_says_so(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYBERKUNTO_HSTS_SUBDOMAINS", "yes")
    settings.current.cache_clear()
    assert (await browser.get("/en")).headers["strict-transport-security"] == f"{HSTS}; includeSubDomains"
    monkeypatch.undo()
    settings.current.cache_clear()
