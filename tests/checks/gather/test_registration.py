"""Asking a registry: a real HTTPS server on loopback, found through a real name server there."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from checks.addresses import AddressGuard
from checks.evidence.registration import Register, Registration
from checks.gather import registration as registration_module
from checks.gather.gathering import Gathering
from checks.gather.http import Ports
from checks.gather.network import Network
from checks.gather.registration import gather_registration
from checks.gather.sources import SOURCES
from tests.checks.gather.responder import responding
from tests.checks.gather.zones import serving as names
from tests.checks.making import Wanted, authority, issue
from tests.checks.serving import Handler, Server, closed_port, over_tls, serving, tls_context

ROOT = authority("Loopback Root")
BASE = "https://rdap.example/v1"
FIRM = {
    "objectClassName": "domain",
    "ldhName": "firm.com",
    "events": [{"eventAction": "expiration", "eventDate": "2027-05-06T07:08:09Z"}],
}
Reply = Callable[[str], bytes]


def response(status: str, body: bytes = b"", *headers: str) -> bytes:
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""))
    return head.encode() + body


def found(body: object) -> bytes:
    return response("200 OK", json.dumps(body).encode())


def always(reply: bytes) -> Reply:
    return lambda _path: reply


class Service:
    """A registry's service, and what was asked of it."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.requests: list[str] = []

    def handle(self, connection: object) -> None:
        request = connection.recv(65536).decode()  # type: ignore[attr-defined]
        self.requests.append(request)
        connection.sendall(self._reply(request.split(" ")[1]))  # type: ignore[attr-defined]


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Handler, str], Handler]:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))

    def secure(inner: Handler, name: str = "rdap.example") -> Handler:
        return over_tls(tls_context(*issue(Wanted(names=(name,)), ROOT).write(tmp_path)), inner)

    return secure


@asynccontextmanager
async def asking(
    port: int, domain: str = "firm.com", registries: dict[str, str] | None = None, address: str = "127.0.0.1"
) -> AsyncIterator[Gathering]:
    lines = (f"rdap.example A {address}", "firm.com A 192.0.2.1", "other.example A 127.0.0.1")
    async with responding(names(*lines)) as server:
        services = {"com": BASE} if registries is None else registries
        network = Network(AddressGuard.allowing(["127.0.0.0/8"]), (server.resolver,), registries=services)
        made = Gathering(domain, network, SOURCES)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(registration_module, "_PORTS", Ports(https=port))
            yield made
        await made.close()


async def seen(server: Server, **wanted: str) -> Registration:
    async with asking(server.port, **wanted) as made:
        return await gather_registration(made)


async def test_registry_is_asked_once_and_in_its_own_format(secured: Callable[..., Handler]) -> None:
    service = Service(always(found(FIRM)))
    async with serving(secured(service.handle)) as server:
        registration = await seen(server)
    assert registration.register is Register.FOUND
    assert registration.domain is not None
    assert registration.domain.expires is not None
    assert registration.domain.expires.isoformat() == "2027-05-06T07:08:09+00:00"
    (request,) = service.requests
    assert request.startswith("GET /v1/domain/firm.com HTTP/1.1\r\nHost: rdap.example\r\n")
    assert "\r\nAccept: application/rdap+json" in request


@pytest.mark.parametrize(
    ("reply", "register", "reason"),
    [
        (response("404 Not Found"), Register.NOT_FOUND, None),
        (response("429 Too Many Requests"), Register.UNSEEN, "rate-limited"),
        (response("500 Oh"), Register.UNSEEN, "connection-failed"),
        (response("200 OK", b"<!doctype html>"), Register.UNSEEN, "connection-failed"),
        (found({**FIRM, "ldhName": "other.com"}), Register.UNSEEN, "connection-failed"),
        (response("200 OK", b"", "Content-Encoding: gzip"), Register.UNSEEN, "connection-failed"),
        (b"SSH-2.0-x\r\n", Register.UNSEEN, "connection-failed"),
        (response("302 Found", b"", "Location: http://rdap.example/firm"), Register.UNSEEN, "connection-failed"),
        (response("302 Found", b"", "Location: https://127.0.0.1/"), Register.UNSEEN, "connection-failed"),
    ],
)
async def test_answer(secured: Callable[..., Handler], reply: bytes, register: Register, reason: str | None) -> None:
    async with serving(secured(Service(always(reply)).handle)) as server:
        registration = await seen(server)
    assert (registration.register, registration.reason and registration.reason.name) == (register, reason)


async def test_two_redirects_are_followed_and_no_third(secured: Callable[..., Handler]) -> None:
    def hops(last: str) -> Reply:
        ways = {"/v1/domain/firm.com": "/a", "/a": "/b", "/b": "/c"}

        def reply(path: str) -> bytes:
            if path == last:
                return found(FIRM)
            return response("301 Moved", b"", f"Location: https://rdap.example{ways[path]}")

        return reply

    for last, register, visits in (("/b", Register.FOUND, 3), ("/c", Register.UNSEEN, 3)):
        async with serving(secured(Service(hops(last)).handle)) as server:
            assert (await seen(server)).register is register
        assert server.visits == visits


async def test_certificate_for_another_name_is_not_believed(secured: Callable[..., Handler]) -> None:
    async with serving(secured(Service(always(found(FIRM))).handle, "other.example")) as server:
        registration = await seen(server)
    assert (registration.register, registration.reason and registration.reason.name) == (
        Register.UNSEEN,
        "connection-failed",
    )


async def test_closed_door_is_unknown() -> None:
    async with asking(closed_port()) as made:
        registration = await gather_registration(made)
    assert (registration.register, registration.reason and registration.reason.name) == (
        Register.UNSEEN,
        "connection-refused",
    )


async def test_service_inside_a_private_network_is_not_called() -> None:
    async with asking(closed_port(), address="10.18.0.80") as made:
        registration = await gather_registration(made)
        assert made.network.calls.total() == 0
    assert registration.reason is not None
    assert registration.reason.name == "address-not-public"


async def test_silent_service_holds_nobody_up(secured: Callable[..., Handler], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration_module, "DEADLINE_S", 0.3)

    def silent(connection: object) -> None:
        connection.recv(65536)  # type: ignore[attr-defined]
        connection.recv(65536)  # type: ignore[attr-defined]

    async with serving(secured(silent)) as server:
        registration = await seen(server)
    assert registration.reason is not None
    assert registration.reason.name == "connection-timeout"


async def test_silent_name_service_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration_module, "LOOK_UP_S", 0.1)
    async with responding(lambda _query: None) as server:
        network = Network(AddressGuard(), (server.resolver,), registries={"com": BASE})
        made = Gathering("firm.com", network, SOURCES)
        registration = await gather_registration(made)
        await made.close()
    assert registration.reason is not None
    assert registration.reason.name == "dns-timeout"


@pytest.mark.parametrize(
    ("domain", "registries", "register"),
    [
        ("shop.firm.com", {"com": BASE}, Register.SUBDOMAIN),
        ("firm.example", {}, Register.SILENT),
        ("firm.fi", {}, Register.SILENT),
        ("firm.com", {"com": "http://rdap.example/"}, Register.SILENT),
        ("firm.com", {"com": "https://127.0.0.1/"}, Register.SILENT),
    ],
)
async def test_nobody_is_asked(domain: str, registries: dict[str, str], register: Register) -> None:
    async with asking(closed_port(), domain, registries) as made:
        registration = await gather_registration(made)
        assert made.network.calls.total() == 0
    assert registration.register is register
