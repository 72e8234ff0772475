"""Visits to real servers on loopback, found through a real name server there."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks import contract
from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, Lookup, Reach, Vantage
from checks.evidence.tls import Version
from checks.evidence.tls_probes import KeyAgreements, Reply, TlsProbes
from checks.evidence.web import Trail, TrailEnd, Trails, WebHosts
from checks.gather.gathering import Gathering
from checks.gather.http import Ports
from checks.gather.tls_probes import MAX_PROBES
from checks.gather.visits import LEAST_S, MAX_ADDRESSES, MAX_OPEN_VISITS, Visits, choose
from tests.checks.gather.zone import GOOD_ZONE, Zone, gathering
from tests.checks.making import Wanted, authority, issue
from tests.checks.serving import Handler, Server, closed_port, over_tls, saying, serving, tls_context

ROOT = authority("Loopback Root")
PAGE = b"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n"


def redirect(location: str) -> bytes:
    return f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\n\r\n".encode()


def by_path(pages: Mapping[str, bytes]) -> Handler:
    """A web server with a page for each `host/path`."""

    def handle(connection: object) -> None:
        lines = connection.recv(65536).decode().split("\r\n")  # type: ignore[attr-defined]
        host = next(line.removeprefix("Host: ") for line in lines if line.startswith("Host: "))
        page = pages.get(host + lines[0].split(" ")[1], b"HTTP/1.1 404 Not Found\r\n\r\n")
        connection.sendall(page)  # type: ignore[attr-defined]

    return handle


@dataclass
class Web:
    """A gathering, and the servers that it meets; None where the port is closed."""

    gathering: Gathering
    http: Server | None
    https: Server | None

    async def trail(self, host: str = "good.test") -> Trail:
        return (await self.gathering.part(Trails)).trails[host, "127.0.0.1"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    root = tmp_path / "root.pem"
    root.write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    return issue(Wanted(names=("good.test", "www.good.test")), ROOT).write(tmp_path)


@asynccontextmanager
async def web(http: Handler | None, https: Handler | None, zone: Zone = GOOD_ZONE) -> AsyncIterator[Web]:
    """good.test as that zone has it, with these servers."""
    async with AsyncExitStack() as stack:
        listening = [await stack.enter_async_context(serving(each)) if each else None for each in (http, https)]
        ports = Ports(*(each.port if each else closed_port() for each in listening))
        yield Web(await stack.enter_async_context(gathering(ports, zone)), *listening)


def only_for_browsers(connection: object) -> None:
    """Leads those on to https that say that they can go there (Upgrade Insecure Requests, section 3.2.1)."""
    asked = connection.recv(65536).decode()  # type: ignore[attr-defined]
    able = "Upgrade-Insecure-Requests: 1" in asked.split("\r\n")
    connection.sendall(redirect("https://good.test/") if able else PAGE)  # type: ignore[attr-defined]


async def test_server_that_leads_only_browsers_on_leads_us_on_too(files: tuple[Path, Path]) -> None:
    async with web(only_for_browsers, over_tls(tls_context(*files), saying(PAGE))) as site:
        assert (await site.trail()).urls == ("http://good.test/", "https://good.test/")


async def test_both_names_are_visited_once_and_the_redirect_costs_nothing(files: tuple[Path, Path]) -> None:
    pages = by_path({"good.test/": redirect("https://good.test/"), "www.good.test/": redirect("https://good.test/")})
    async with web(pages, over_tls(tls_context(*files), saying(PAGE))) as site:
        hosts = await site.gathering.part(WebHosts)
        trails = await site.gathering.part(Trails)
        assert site.http is not None
        assert site.https is not None
        assert (site.http.visits, site.https.visits) == (2, 2)
    assert [host.host for host in hosts.hosts] == ["good.test", "www.good.test"]
    assert [door.address for host in hosts.hosts for door in host.encrypted] == ["127.0.0.1", "127.0.0.1"]
    assert trails.trails == {
        ("good.test", "127.0.0.1"): Trail(("http://good.test/", "https://good.test/"), TrailEnd.ANSWERED, 200),
        ("www.good.test", "127.0.0.1"): Trail(("http://www.good.test/", "https://good.test/"), TrailEnd.ANSWERED, 200),
    }


async def test_versions_are_asked_once_for_an_address_within_the_limit(files: tuple[Path, Path]) -> None:
    async with web(saying(PAGE), over_tls(tls_context(*files), saying(PAGE))) as site:
        site.gathering.consent = Consent(probes=True)
        probes = await site.gathering.part(TlsProbes)
        agreements = await site.gathering.part(KeyAgreements)
        await asyncio.gather(site.gathering.part(WebHosts), site.gathering.part(Trails))
        assert site.https is not None
        assert site.https.visits == 2 + MAX_PROBES
    assert probes.stated
    assert probes.addresses["127.0.0.1"].versions[Version.TLS13].accepted
    assert probes.addresses["127.0.0.1"].versions[Version.TLS10].reply is Reply.REFUSED
    assert agreements.addresses["127.0.0.1"].reply is Reply.ACCEPTED


async def test_without_a_statement_only_what_browsers_ask_is_asked(files: tuple[Path, Path]) -> None:
    async with web(saying(PAGE), over_tls(tls_context(*files), saying(PAGE))) as site:
        assert await site.gathering.part(TlsProbes) == TlsProbes(stated=False)
        assert (await site.gathering.part(KeyAgreements)).addresses["127.0.0.1"].group is not None
        assert site.https is not None
        assert site.https.visits == 2


async def test_name_without_address_is_left_out() -> None:
    async with web(saying(PAGE), None, {"good.test": "127.0.0.1"}) as site:
        hosts = (await site.gathering.part(WebHosts)).hosts
        agreements = await site.gathering.part(KeyAgreements)
    assert [host.host for host in hosts] == ["good.test"]
    assert hosts[0].doors[0].https.reach is Reach.REFUSED
    assert hosts[0].without_https is contract.NO_HTTPS
    assert agreements.addresses == {}


async def test_domain_without_any_address() -> None:
    async with web(None, None, {}) as site:
        assert (await site.gathering.part(WebHosts)).hosts == ()


async def test_www_name_has_no_www_name_of_its_own() -> None:
    async with web(saying(PAGE), None, {"www.good.test": "127.0.0.1", "www.www.good.test": "127.0.0.1"}) as site:
        site.gathering.domain = "www.good.test"
        assert [host.host for host in (await site.gathering.part(WebHosts)).hosts] == ["www.good.test"]


async def test_name_below_anothers_zone_has_no_www_name() -> None:
    async def part_of_good_test(_gathering: Gathering) -> Delegation:
        return Delegation(
            Answer("shop.good.test", "NS", Lookup.NO_DATA),
            enclosing=Answer("good.test", "NS", Lookup.FOUND, ("ns1.good.test",)),
        )

    async with web(saying(PAGE), None, {"shop.good.test": "127.0.0.1", "www.shop.good.test": "127.0.0.1"}) as site:
        site.gathering.domain = "shop.good.test"
        site.gathering.sources = {**site.gathering.sources, Delegation: part_of_good_test}
        assert [host.host for host in (await site.gathering.part(WebHosts)).hosts] == ["shop.good.test"]


async def test_private_address_is_never_visited() -> None:
    async with web(saying(PAGE), None, {"good.test": "10.0.0.1"}) as site:
        hosts = (await site.gathering.part(WebHosts)).hosts
        assert site.http is not None
        assert site.http.visits == 0
    assert (hosts[0].doors, hosts[0].without_https) == ((), contract.ADDRESS_NOT_PUBLIC)


async def test_ipv6_is_our_own_limit_where_we_have_none() -> None:
    async def no_ipv6(_gathering: Gathering) -> Vantage:
        return Vantage(validates=True, ipv6=False, resolvers=())

    async with web(None, None, {"good.test": "2001:500:2::c"}) as site:
        site.gathering.sources = {**site.gathering.sources, Vantage: no_ipv6}
        hosts = (await site.gathering.part(WebHosts)).hosts
    assert hosts[0].without_https is contract.BLOCKED_FROM_HERE


async def test_site_that_stays_in_the_open(files: tuple[Path, Path]) -> None:
    async with web(saying(PAGE), over_tls(tls_context(*files), saying(PAGE))) as site:
        assert await site.trail() == Trail(("http://good.test/",), TrailEnd.ANSWERED, 200)


async def test_redirect_to_another_path_is_followed(files: tuple[Path, Path]) -> None:
    secure = by_path({"good.test/": PAGE, "good.test/fi/": PAGE})
    async with web(saying(redirect("https://good.test/fi/")), over_tls(tls_context(*files), secure)) as site:
        assert await site.trail() == Trail(("http://good.test/", "https://good.test/fi/"), TrailEnd.ANSWERED, 200)


async def test_redirect_back_into_the_open_is_followed(files: tuple[Path, Path]) -> None:
    plain = by_path({"good.test/": redirect("https://good.test/"), "good.test/in": PAGE})
    async with web(plain, over_tls(tls_context(*files), saying(redirect("http://good.test/in")))) as site:
        urls = ("http://good.test/", "https://good.test/", "http://good.test/in")
        assert await site.trail() == Trail(urls, TrailEnd.ANSWERED, 200)


async def test_redirect_to_another_site_is_not_followed() -> None:
    zone = {"good.test": "127.0.0.1", "other.test": "127.0.0.1"}
    async with web(saying(redirect("https://other.test/x")), None, zone) as site:
        assert await site.trail() == Trail(("http://good.test/", "https://other.test/x"), TrailEnd.OTHER_SITE, 301)


@pytest.mark.parametrize("location", ["https://good.test:8443/", "http://127.0.0.1/", "mailto:a@good.test"])
async def test_redirect_to_where_we_do_not_go(location: str) -> None:
    async with web(saying(redirect(location)), None) as site:
        assert await site.trail() == Trail(("http://good.test/", location), TrailEnd.NOT_FOLLOWED, 301)


async def test_redirect_to_a_private_address_is_not_followed() -> None:
    zone = {"good.test": "127.0.0.1", "intra.good.test": "10.0.0.1"}
    async with web(saying(redirect("http://intra.good.test/")), None, zone) as site:
        urls = ("http://good.test/", "http://intra.good.test/")
        assert await site.trail() == Trail(urls, TrailEnd.NO_ANSWER, 301, contract.ADDRESS_NOT_PUBLIC)


async def test_redirect_to_a_closed_port() -> None:
    async with web(saying(redirect("https://good.test/")), None) as site:
        urls = ("http://good.test/", "https://good.test/")
        assert await site.trail() == Trail(urls, TrailEnd.NO_ANSWER, 301, contract.CONNECTION_REFUSED)


async def test_redirect_to_itself_ends() -> None:
    async with web(saying(redirect("/")), None) as site:
        trail = await site.trail()
        assert site.http is not None
        assert site.http.visits == 2  # one for each name
    assert (trail.end, len(trail.urls)) == (TrailEnd.TOO_MANY, 2)


async def test_redirects_are_followed_ten_times_at_most() -> None:
    pages = {f"good.test/{number or ''}": redirect(f"/{number + 1}") for number in range(30)}
    async with web(by_path(pages), None, {"good.test": "127.0.0.1"}) as site:
        trail = await site.trail()
        assert site.http is not None
        assert site.http.visits == 11
    assert (trail.end, len(trail.urls)) == (TrailEnd.TOO_MANY, 12)


async def test_visits_to_one_port_are_limited() -> None:
    pages = {f"{host}/{number or ''}": redirect(f"/{number + 1}") for number in range(30) for host in GOOD_ZONE}
    async with web(by_path(pages), None) as site:
        trails = (await site.gathering.part(Trails)).trails
        assert site.http is not None
        assert site.http.visits == MAX_OPEN_VISITS
    assert {trail.end for trail in trails.values()} == {TrailEnd.TOO_MANY}


async def test_page_that_leads_on_by_itself() -> None:
    page = b"HTTP/1.1 200 OK\r\n\r\n<script>location.href = 'https://good.test/'</script>"
    async with web(saying(page), None) as site:
        assert await site.trail() == Trail(("http://good.test/",), TrailEnd.ANSWERED, 200, by_page=True)


async def test_nothing_goes_on_once_nobody_waits() -> None:
    asked = asyncio.Event()

    def silent(connection: object) -> None:
        asked_soon(asked.set)
        while connection.recv(65536):  # type: ignore[attr-defined]
            pass

    asked_soon = asyncio.get_running_loop().call_soon_threadsafe
    async with web(silent, None, {"good.test": "127.0.0.1"}) as site:
        looking = asyncio.create_task(site.gathering.part(WebHosts))
        await asked.wait()
        ours = asyncio.all_tasks()
        await site.gathering.close()
        await asyncio.sleep(0.05)
        assert [task for task in ours if not task.done()] == [asyncio.current_task()]
        assert looking.cancelled()


async def test_all_visits_share_one_deadline() -> None:
    def slow(connection: object) -> None:
        time.sleep(0.4)
        saying(redirect(f"/{time.monotonic()}"))(connection)  # type: ignore[arg-type]

    async with web(slow, None, {"good.test": "127.0.0.1"}) as site:
        visits = Visits(site.gathering, Ports(site.http.port if site.http else 0), asyncio.get_running_loop().time())
        assert visits.left_s == LEAST_S


async def test_silent_name_server_is_no_missing_website() -> None:
    zone = {"good.test": "127.0.0.1", "www.good.test": "silence"}
    async with web(saying(PAGE), None, zone) as site:
        hosts = (await site.gathering.part(WebHosts)).hosts
    assert [(host.host, host.unseen) for host in hosts] == [
        ("good.test", None),
        ("www.good.test", contract.DNS_TIMEOUT),
    ]


def test_at_most_four_addresses_of_both_families() -> None:
    guard = AddressGuard()
    vetted = tuple(guard.vet(text) for text in ("192.0.1.1", "192.0.1.2", "192.0.1.3", "192.0.1.4", "192.0.1.5"))
    six = tuple(guard.vet(text) for text in ("2600::1", "2600::2"))
    assert [each.text for each in choose((*vetted, *six), ipv6=True)] == [
        "192.0.1.1",
        "2600::1",
        "192.0.1.2",
        "2600::2",
    ]
    assert [each.text for each in choose((*vetted, *six), ipv6=False)] == [each.text for each in vetted[:MAX_ADDRESSES]]
    assert choose(six, ipv6=False) == ()
