"""What every request passes, asked of the real application: session, forms' protection, headers, limits, problems."""

import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from portal import settings
from portal.accounts import sessions
from portal.accounts.tables import DomainProof, Session
from portal.app import build_app
from portal.assessments import service
from portal.assessments.tables import Assessment
from portal.web.headers import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.usefixtures("portal")


def field_of(page: httpx.Response) -> str:
    found = re.search(r'name="_csrf" value="([^"]+)"', page.text)
    assert found is not None
    return found.group(1)


async def start(browser: httpx.AsyncClient, domain: str = "example.fi") -> httpx.Response:
    page = await browser.get("/en")
    return await browser.post("/en", data={"domain": domain, "_csrf": field_of(page)})


async def with_a_session(browser: httpx.AsyncClient) -> str:
    """A path whose page stores a session, which this browser then has."""
    assessment = await service.start("example.fi", "en", "somebody")
    path = f"/en/a/{assessment.token}/ports"
    assert (await browser.get(path)).status_code == 200
    assert browser.cookies["session"]
    return path


async def test_reading_pages_stores_no_session(browser: httpx.AsyncClient) -> None:
    assessment = await service.start("example.fi", "en", "somebody")
    for path in ("/en", "/fi/now", "/sv/data", "/en/about", f"/en/a/{assessment.token}", "/nothing", "/health"):
        await browser.get(path)
    assert "session" not in browser.cookies
    assert await Session.count() == 0


async def test_session_is_kept_by_its_hash_alone(browser: httpx.AsyncClient) -> None:
    await with_a_session(browser)
    [row] = await Session.select()
    assert browser.cookies["session"] not in json.dumps(row, default=str)


async def test_session_stays_the_same_from_page_to_page(browser: httpx.AsyncClient) -> None:
    path = await with_a_session(browser)
    first = browser.cookies["session"]
    await browser.get(path)
    assert browser.cookies["session"] == first
    assert (await Session.count(), await DomainProof.count()) == (1, 1)


async def test_id_that_a_stranger_chose_is_never_adopted(browser: httpx.AsyncClient) -> None:
    assessment = await service.start("example.fi", "en", "somebody")
    browser.cookies.set("session", "chosen-by-an-attacker")
    answer = await browser.get(f"/en/a/{assessment.token}/ports")
    assert "session=chosen-by-an-attacker" not in answer.headers["set-cookie"]
    assert await sessions.load("chosen-by-an-attacker") is None
    assert await Session.count() == 1


async def test_session_out_of_use_or_too_old_is_none(browser: httpx.AsyncClient) -> None:
    await with_a_session(browser)
    shown = browser.cookies["session"]
    assert await sessions.load(shown) is not None
    now = datetime.now(UTC)
    await Session.update({Session.seen_at: now - sessions.IDLE - timedelta(seconds=1)}, force=True)
    assert await sessions.load(shown) is None
    await Session.update({Session.seen_at: now, Session.expires_at: now - timedelta(seconds=1)}, force=True)
    assert await sessions.load(shown) is None
    await sessions.forget_expired()
    assert await Session.count() == 0


async def test_rotated_session_has_a_new_id_and_the_old_one_is_none(browser: httpx.AsyncClient) -> None:
    await with_a_session(browser)
    old = browser.cookies["session"]
    row = await sessions.load(old)
    new = await sessions.keep_under_new_id(row, {"holder": "kept"})
    assert await sessions.load(old) is None
    found = await sessions.load(new)
    assert found is not None
    assert json.loads(found.data) == {"holder": "kept"}
    assert await Session.count() == 1


async def test_form_with_its_token_is_taken(browser: httpx.AsyncClient) -> None:
    answer = await start(browser)
    assert (answer.status_code, await Assessment.count()) == (303, 1)


async def test_token_in_the_header_is_taken(browser: httpx.AsyncClient) -> None:
    token = field_of(await browser.get("/en"))
    answer = await browser.post("/en", data={"domain": "example.fi"}, headers={"x-csrf-token": token})
    assert answer.status_code == 303


async def test_form_without_a_token_is_refused(browser: httpx.AsyncClient) -> None:
    await browser.get("/en")
    answer = await browser.post("/en", data={"domain": "example.fi"})
    assert (answer.status_code, await Assessment.count()) == (403, 0)


async def test_token_of_somebody_else_is_refused(browser: httpx.AsyncClient) -> None:
    theirs = field_of(await browser.get("/en"))
    browser.cookies.clear()
    await browser.get("/en")
    answer = await browser.post("/en", data={"domain": "example.fi", "_csrf": theirs})
    assert (answer.status_code, await Assessment.count()) == (403, 0)


async def test_forged_pair_of_cookie_and_field_is_refused(browser: httpx.AsyncClient) -> None:
    forged = f"{'0' * 32}.{'0' * 64}"
    browser.cookies.set("csrf", forged)
    answer = await browser.post("/en", data={"domain": "example.fi", "_csrf": forged})
    assert (answer.status_code, await Assessment.count()) == (403, 0)


async def test_form_sent_from_another_site_is_refused_even_with_a_token(browser: httpx.AsyncClient) -> None:
    token = field_of(await browser.get("/en"))
    for site in ("cross-site", "same-site"):
        answer = await browser.post(
            "/en", data={"domain": "example.fi", "_csrf": token}, headers={"sec-fetch-site": site}
        )
        assert answer.status_code == 403
    assert await Assessment.count() == 0


async def test_stale_cookie_is_replaced_so_that_the_next_form_works(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("csrf", "of-an-earlier-secret.0000")
    page = await browser.get("/en")
    fresh = dict(part.split("=", 1) for part in page.headers["set-cookie"].split("; ") if "=" in part)["csrf"]
    assert fresh == field_of(page)


@pytest.mark.parametrize("path", ["/en", "/nothing-here/at-all", "/health", "/static/icon.svg", "/static/nothing"])
async def test_every_response_carries_the_security_headers(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_private_pages_are_kept_in_no_cache_and_no_search_engine(browser: httpx.AsyncClient) -> None:
    location = (await start(browser)).headers["location"]
    for path in (location, "/en/a/unknown"):
        headers = (await browser.get(path)).headers
        assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")
    assert "x-robots-tag" not in (await browser.get("/en")).headers


async def test_static_file_with_its_version_is_kept_for_ever(browser: httpx.AsyncClient) -> None:
    assert "immutable" in (await browser.get("/static/icon.svg?v=0123")).headers["cache-control"]
    assert (await browser.get("/static/icon.svg")).headers["cache-control"] == "no-cache"


async def test_over_https_cookies_are_bound_to_the_host_and_hsts_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYBERKUNTO_PUBLIC_URL", "https://kyberkunto.example.org")
    settings.current.cache_clear()
    transport = httpx.ASGITransport(app=build_app(secure_cookies=True))
    async with httpx.AsyncClient(transport=transport, base_url="https://kyberkunto.example.org") as browser:
        answer = await browser.get("/en")
    monkeypatch.undo()
    settings.current.cache_clear()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=lax", "secure"}
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_client_over_its_limit_sees_a_page_that_says_when(browser: httpx.AsyncClient) -> None:
    for number in range(settings.current().checks_per_client_per_hour):
        assert (await start(browser, f"example{number}.fi")).status_code == 303
    answer = await start(browser, "another.fi")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert answer.headers["content-type"].startswith("text/html")
    assert "minute" in answer.text


async def test_rotated_forwarded_header_does_not_escape_the_limit(browser: httpx.AsyncClient) -> None:
    statuses = []
    token = field_of(await browser.get("/en"))
    allowed = settings.current().checks_per_client_per_hour
    for number in range(allowed + 10):
        answer = await browser.post(
            "/en",
            data={"domain": f"example{number}.fi", "_csrf": token},
            headers={"x-forwarded-for": f"192.0.2.{number}"},
        )
        statuses.append(answer.status_code)
    assert statuses == [303] * allowed + [429] * 10


async def test_client_is_kept_as_a_pseudonym(browser: httpx.AsyncClient) -> None:
    await start(browser)
    [row] = await Assessment.select(Assessment.client)
    assert re.fullmatch(r"[0-9a-f]{32}", row["client"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/en/nothing", 404),
        ("GET", "/en/a/unknown", 404),
        ("GET", "/xx", 404),
        ("GET", "/xx/a/unknown", 404),
        ("GET", "/xx/now", 404),
        ("DELETE", "/en", 405),
    ],
)
async def test_refusal_is_a_page(browser: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await browser.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1" in answer.text


async def test_body_that_is_too_large_is_refused(browser: httpx.AsyncClient) -> None:
    token = field_of(await browser.get("/en"))
    answer = await browser.post("/en", data={"domain": "x" * 100_000, "_csrf": token})
    assert answer.status_code == 413


async def test_health_and_ready_answer(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/health")).json() == {"status": "ok"}
    assert (await browser.get("/ready")).json() == {"status": "ok", "database": True, "workers": 0}
