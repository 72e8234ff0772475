"""The way of a visitor who types https, and to security.txt, on real servers on loopback."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import contract
from checks.evidence.pages import FrontPages, SecurityFiles
from checks.evidence.web import TrailEnd, Trails, WebHosts
from checks.gather import http
from checks.gather.visits import MAX_VISITS
from checks.records.http_body import content
from checks.records.page import head_of
from tests.checks.gather.test_web import PAGE, ROOT, Web, by_path, redirect, web
from tests.checks.making import Wanted, issue
from tests.checks.serving import Handler, over_tls, saying, tls_context

ONLY_DOMAIN = {"good.test": "127.0.0.1"}
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def text(body: str, kind: str = "text/plain") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Handler], Handler]:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    files = issue(Wanted(names=("good.test", "www.good.test")), ROOT).write(tmp_path)
    return lambda handler: over_tls(tls_context(*files), handler)


async def front(site: Web) -> FrontPages:
    return await site.gathering.part(FrontPages)


async def test_front_page_costs_no_visit_of_its_own(encrypted: Callable[[Handler], Handler]) -> None:
    async with web(saying(redirect("https://good.test/")), encrypted(saying(PAGE))) as site:
        found, _hosts, _trails = await asyncio.gather(
            front(site), site.gathering.part(WebHosts), site.gathering.part(Trails)
        )
        assert site.https is not None
        assert site.https.visits == 2
    arrival = found.arrivals["www.good.test"]
    assert (arrival.host, arrival.address, arrival.secure) == ("www.good.test", "127.0.0.1", True)
    assert (arrival.trail.urls, arrival.trail.end) == (("https://www.good.test/",), TrailEnd.ANSWERED)
    assert [host for host, _shaken in arrival.handshakes] == ["www.good.test"]


async def test_redirects_over_https_are_followed_to_the_page_itself(encrypted: Callable[[Handler], Handler]) -> None:
    pages = {
        "good.test/": redirect("https://www.good.test/"),
        "www.good.test/": redirect("/fi/"),
        "www.good.test/fi/": text("<head><meta name=referrer content=origin></head><p>Hei"),
    }
    async with web(None, encrypted(by_path(pages))) as site:
        arrivals = (await front(site)).arrivals
        assert site.https is not None
        assert site.https.visits == 3
    assert {arrival.host for arrival in arrivals.values()} == {"www.good.test"}
    arrival = arrivals["good.test"]
    assert arrival.trail.urls == ("https://good.test/", "https://www.good.test/", "https://www.good.test/fi/")
    assert [host for host, _shaken in arrival.handshakes] == ["good.test", "www.good.test", "www.good.test"]
    assert head_of(arrival.answer.page).named("referrer") == ("origin",)


async def test_other_sites_and_closed_ports_end_the_way(encrypted: Callable[[Handler], Handler]) -> None:
    pages = {"good.test/": redirect("https://other.test/"), "www.good.test/": redirect("http://good.test/")}
    async with web(None, encrypted(by_path(pages))) as site:
        arrivals = (await front(site)).arrivals
    assert arrivals["good.test"].trail.end is TrailEnd.OTHER_SITE
    assert (arrivals["www.good.test"].trail.end, arrivals["www.good.test"].trail.reason) == (
        TrailEnd.NO_ANSWER,
        contract.CONNECTION_REFUSED,
    )


async def test_way_into_the_open_is_not_secure(encrypted: Callable[[Handler], Handler]) -> None:
    async with web(saying(PAGE), encrypted(saying(redirect("http://good.test/in"))), ONLY_DOMAIN) as site:
        assert not (await front(site)).arrivals["good.test"].secure


async def test_host_that_gives_no_answer_has_no_front_page(encrypted: Callable[[Handler], Handler]) -> None:
    async with web(None, encrypted(saying(b"")), ONLY_DOMAIN) as site:
        assert (await front(site)).arrivals == {}
        assert (await site.gathering.part(SecurityFiles)).arrivals == {}


async def test_visits_to_port_443_are_limited(encrypted: Callable[[Handler], Handler]) -> None:
    pages = {f"good.test/{number or ''}": redirect(f"/{number + 1}") for number in range(30)}
    async with web(None, encrypted(by_path(pages)), ONLY_DOMAIN) as site:
        found = await front(site)
        assert site.https is not None
        assert site.https.visits == MAX_VISITS
    assert found.arrivals["good.test"].trail.end is TrailEnd.TOO_MANY


async def security_file(pages: dict[str, bytes], encrypted: Callable[[Handler], Handler]) -> tuple[str, bytes | None]:
    """Where the file of good.test was found at last, and its content."""
    full = {f"good.test{path}": page for path, page in pages.items()}
    async with web(None, encrypted(by_path(full)), ONLY_DOMAIN) as site:
        arrival = (await site.gathering.part(SecurityFiles)).arrivals["good.test"]
    return arrival.trail.urls[-1], content(arrival.answer)


NEW, OLD = "/.well-known/security.txt", "/security.txt"


async def test_file_in_its_place(encrypted: Callable[[Handler], Handler]) -> None:
    found = await security_file({NEW: text("Contact: a"), OLD: text("Contact: b")}, encrypted)
    assert found == (f"https://good.test{NEW}", b"Contact: a")


async def test_file_in_the_place_of_the_past(encrypted: Callable[[Handler], Handler]) -> None:
    assert await security_file({OLD: text("Contact: b")}, encrypted) == (f"https://good.test{OLD}", b"Contact: b")


async def test_file_behind_a_redirect(encrypted: Callable[[Handler], Handler]) -> None:
    pages = {NEW: redirect("/about/security"), "/about/security": text("Contact: c")}
    assert await security_file(pages, encrypted) == ("https://good.test/about/security", b"Contact: c")


async def test_refusal_in_the_new_place_does_not_lead_to_the_old_one(encrypted: Callable[[Handler], Handler]) -> None:
    pages = {NEW: b"HTTP/1.1 403 Forbidden\r\n\r\n", OLD: text("Contact: b")}
    assert (await security_file(pages, encrypted))[0] == f"https://good.test{NEW}"


async def test_no_file_in_either_place(encrypted: Callable[[Handler], Handler]) -> None:
    assert (await security_file({NEW: NOT_FOUND, OLD: redirect("/nowhere")}, encrypted))[0] == f"https://good.test{NEW}"


async def test_whole_file_is_read_though_it_speaks_of_html(encrypted: Callable[[Handler], Handler]) -> None:
    body = "# </head> </html>\nContact: a\n"
    assert (await security_file({NEW: text(body)}, encrypted))[1] == body.encode()


async def test_only_the_head_of_a_page_is_read(encrypted: Callable[[Handler], Handler]) -> None:
    def endless(connection: object) -> None:
        connection.recv(65536)  # type: ignore[attr-defined]
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<head><title>x</title></HEAD>")  # type: ignore[attr-defined]
        time.sleep(1.5)

    began = time.monotonic()
    async with web(None, encrypted(endless), ONLY_DOMAIN) as site:
        answer = (await front(site)).arrivals["good.test"].answer
        assert time.monotonic() - began < 1
    assert answer.cut_off
    assert head_of(answer.page).ended


async def test_page_that_never_ends_does_not_hide_its_headers(
    encrypted: Callable[[Handler], Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "PAGE_S", 0.3)

    def slow(connection: object) -> None:
        connection.recv(65536)  # type: ignore[attr-defined]
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Frame-Options: DENY\r\n\r\n<head>")  # type: ignore[attr-defined]
        for _ in range(20):
            connection.sendall(b"x")  # type: ignore[attr-defined]
            time.sleep(0.05)

    async with web(None, encrypted(slow), ONLY_DOMAIN) as site:
        answer = (await front(site)).arrivals["good.test"].answer
    assert answer.values("x-frame-options") == ("DENY",)
    assert (answer.cut_off, content(answer)) == (True, None)


async def test_page_without_end_is_read_within_the_limit(encrypted: Callable[[Handler], Handler]) -> None:
    huge = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000
    async with web(None, encrypted(saying(huge)), ONLY_DOMAIN) as site:
        answer = (await front(site)).arrivals["good.test"].answer
    assert 0 < len(answer.page) <= 2 * http.READ_LIMIT
    assert answer.cut_off


async def test_length_ends_a_page_whose_connection_stays_open(encrypted: Callable[[Handler], Handler]) -> None:
    def keeping(connection: object) -> None:
        connection.recv(65536)  # type: ignore[attr-defined]
        connection.sendall(text("Contact: a"))  # type: ignore[attr-defined]
        time.sleep(1.5)

    began = time.monotonic()
    async with web(None, encrypted(keeping), ONLY_DOMAIN) as site:
        arrival = (await site.gathering.part(SecurityFiles)).arrivals["good.test"]
        assert time.monotonic() - began < 1
    assert content(arrival.answer) == b"Contact: a"


async def test_filters_page_over_http_is_no_site_in_the_open() -> None:
    filtered = text("<html><head><title>One moment, please...</title></head>", "text/html")
    async with web(saying(filtered), None) as site:
        trails = (await site.gathering.part(Trails)).trails.values()
    assert {(each.end, each.reason, each.in_the_open) for each in trails} == {
        (TrailEnd.NO_ANSWER, contract.PAGE_NOT_SHOWN, False)
    }
