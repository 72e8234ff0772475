"""Handshakes with real OpenSSL servers on loopback, and with hostile ones."""

import asyncio
import socket
import ssl
import time
from pathlib import Path

import pytest

from checks.addresses import AddressGuard
from checks.evidence.lookups import Reach
from checks.evidence.tls import HandshakeEnd, Trust
from checks.evidence.web import Visit
from checks.gather.http import Ports, visit
from checks.gather.network import Network
from checks.records.locations import Target
from tests.checks.hostile import HOSTILE
from tests.checks.making import Wanted, authority, issue
from tests.checks.serving import PAGE, closed_port, over_tls, saying, serving, tls_context

ROOT = authority("Loopback Root")
INTERMEDIATE = authority("Loopback Intermediate", ROOT)
GUARD = AddressGuard.allowing(["127.0.0.0/8"])
LOOPBACK = GUARD.vet("127.0.0.1")
HOST = "good.test"


def network() -> Network:
    """One inspection's, of which each may only make so many connections."""
    return Network(GUARD, ())


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A good server's files; its root is trusted."""
    root = tmp_path / "root.pem"
    root.write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    return issue(Wanted(names=(HOST,)), INTERMEDIATE).write(tmp_path, INTERMEDIATE)


async def look(port: int, within_s: float = 5, *, secure: bool = True) -> Visit:
    return await visit(network(), LOOPBACK, Target(HOST, secure), Ports(port, port), within_s)


async def test_handshake_shows_the_chain_and_the_page(files: tuple[Path, Path]) -> None:
    async with serving(over_tls(tls_context(*files), saying(PAGE))) as server:
        seen = await look(server.port)
        assert server.visits == 1
    assert seen.reach is Reach.OK
    assert seen.answer is not None
    assert seen.answer.status == 200
    assert seen.handshake is not None
    assert (seen.handshake.end, seen.handshake.version) == (HandshakeEnd.OK, "TLSv1.3")
    assert seen.handshake.trust is Trust.TRUSTED
    assert [each.subject for each in seen.handshake.chain] == [
        "CN=leaf",
        "O=Loopback Intermediate Ltd,CN=Loopback Intermediate",
    ]
    assert seen.handshake.leaf is not None
    assert seen.handshake.leaf.names == (HOST,)


async def test_root_that_the_environment_does_not_name_is_unknown(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(authority("Another Root").pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    async with serving(over_tls(tls_context(*files), saying(PAGE))) as server:
        seen = await look(server.port)
    assert seen.handshake is not None
    assert seen.handshake.trust is Trust.UNKNOWN_AUTHORITY


async def test_chain_that_was_read_before_is_read_again_where_others_are_trusted(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(authority("Another Root").pem)
    async with serving(over_tls(tls_context(*files), saying(PAGE))) as server:
        before, again = await look(server.port), await look(server.port)
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        after = await look(server.port)
    assert before.handshake is not None
    assert again.handshake is not None
    assert after.handshake is not None
    assert again.handshake.chain is before.handshake.chain
    assert (before.handshake.trust, after.handshake.trust) == (Trust.TRUSTED, Trust.UNKNOWN_AUTHORITY)


async def test_root_in_the_directory_that_the_environment_names_is_trusted(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "authorities"
    folder.mkdir()
    (folder / "root.crt").write_bytes(ROOT.pem)
    (folder / "notes").write_bytes(b"\xff-----BEGIN CERTIFICATE-----\nno base64\n-----END CERTIFICATE-----")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    async with serving(over_tls(tls_context(*files), saying(PAGE))) as server:
        seen = await look(server.port)
    assert seen.handshake is not None
    assert seen.handshake.trust is Trust.TRUSTED


async def test_server_that_speaks_only_what_we_no_longer_can(files: tuple[Path, Path]) -> None:
    def refuse_version(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x15\x03\x00\x00\x02\x02\x46")

    del files
    async with serving(refuse_version) as server:
        seen = await look(server.port)
    assert seen.handshake is not None
    assert seen.handshake.end is HandshakeEnd.TOO_OLD


async def test_firewall_that_turns_us_away(files: tuple[Path, Path]) -> None:
    def deny(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x31")

    del files
    async with serving(deny) as server:
        seen = await look(server.port)
    assert seen.handshake is not None
    assert seen.handshake.end is HandshakeEnd.DROPPED


async def test_server_that_refuses_the_name(files: tuple[Path, Path]) -> None:
    def refuse(_connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> int:
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context = tls_context(*files)
    context.sni_callback = refuse
    async with serving(over_tls(context, saying(PAGE))) as server:
        seen = await look(server.port)
    assert seen.handshake is not None
    assert seen.handshake.end is HandshakeEnd.REFUSED


async def test_plain_http_where_encryption_should_be() -> None:
    async with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        seen = await look(server.port)
    assert seen.handshake is not None
    assert seen.handshake.end is HandshakeEnd.NOT_TLS


async def test_closed_port() -> None:
    port = closed_port()
    assert await look(port) == Visit(Reach.REFUSED)


async def test_interim_responses_are_passed_over() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nStrict-Transport-Security: max-age=1\r\n\r\n"
    async with serving(saying(hints, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n")) as server:
        seen = await look(server.port, secure=False)
    assert seen.answer is not None
    assert (seen.answer.status, seen.answer.headers) == (200, (("a", "b"),))


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_server_ends_within_the_deadline_and_says_nothing(name: str) -> None:
    began = time.monotonic()
    async with serving(HOSTILE[name]) as server:
        secure, plain = await asyncio.gather(look(server.port, 1.0), look(server.port, 1.0, secure=False))
        assert time.monotonic() - began < 3
    assert secure.answer is None
    assert plain.answer is None
    assert secure.handshake is not None
    assert secure.handshake.end is not HandshakeEnd.OK


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_page_behind_good_encryption(name: str, files: tuple[Path, Path]) -> None:
    began = time.monotonic()
    async with serving(over_tls(tls_context(*files), HOSTILE[name])) as server:
        seen = await look(server.port, 1.0)
        assert time.monotonic() - began < 3
    assert seen.handshake is not None
    assert seen.handshake.end is HandshakeEnd.OK
    assert seen.answer is None
