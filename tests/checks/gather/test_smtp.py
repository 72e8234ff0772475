import asyncio
import random
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import dns.message
import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

from checks.addresses import AddressGuard
from checks.evidence.lookups import Reach
from checks.evidence.smtp import Conversation, Ending, MailServers
from checks.evidence.tls import HandshakeEnd
from checks.gather import smtp
from checks.gather.gathering import Gathering
from checks.gather.network import READ_LIMIT, Network
from checks.gather.smtp import converse, own_name, talk_to_all
from checks.gather.sources import SOURCES
from tests.checks.gather.responder import Responder, answer, responding
from tests.conftest import SOAK
from tests.farm.authority import Authority, Certificate

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

GUARD = AddressGuard.allowing(["127.0.0.0/8"])
HELLO = b"220 mx.example.fi ESMTP\r\n"
SPAMD = b"220 mx.example.fi ESMTP spamd IP-based SPAM blocker; Mon Nov 23 09:00:00 2026\r\n"
UNKNOWN = b"502 5.5.1 Command not implemented\r\n"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody trusts, as many mail servers have."""
    folder: Path = tmp_path_factory.mktemp("smtp")
    authority = Authority()
    (folder / "chain.pem").write_bytes(authority.chain_pem(("mx.example.fi",), Certificate(issuer="self")))
    (folder / "key.pem").write_bytes(authority.key_pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return context


@asynccontextmanager
async def serving(handler: Handler, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """The handler at work for the length of the block; all of its connections end with it."""
    at_work: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        at_work.add(task)
        try:
            await handler(reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()
            at_work.discard(task)

    server = await asyncio.start_server(handle, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work)
        await asyncio.sleep(0.01)


@asynccontextmanager
async def mail_server(
    tls: ssl.SSLContext | None, host: str = "127.0.0.1", port: int = 0, family: int = 0
) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Sink(), hostname="mx.example.fi", tls_context=tls, loop=loop), host, port, family=family
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def talk(port: int, address: str = "127.0.0.1") -> Conversation:
    network = Network(GUARD, ())
    try:
        return await converse(network, "mx.example.fi", network.guard.vet(address), port)
    finally:
        await network.close()


def saying(*replies: bytes) -> Handler:
    """Answers each line with the next of the replies, the first one unasked, and then hangs up."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for place, reply in enumerate(replies):
            if place:
                await reader.readline()
            writer.write(reply)
            await writer.drain()
        writer.close()

    return handle


async def test_starttls_that_works_is_seen_with_version_and_certificate(tls: ssl.SSLContext) -> None:
    async with mail_server(tls) as port:
        found = await talk(port)
    assert (found.ending, found.reach, found.code) == (Ending.ENCRYPTED, Reach.OK, 220)
    assert found.handshake is not None
    assert found.handshake.version == "TLSv1.3"
    assert found.handshake.leaf is not None
    assert found.handshake.leaf.names == ("mx.example.fi",)


async def test_server_is_bidden_farewell_though_nobody_waits_for_its_answer() -> None:
    heard: list[bytes] = []

    async def slow_to_part(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in (HELLO, b"250 mx.example.fi\r\n"):
            writer.write(reply)
            heard.append(await reader.readline())
        await asyncio.sleep(0.2)
        writer.write(b"221 2.0.0 Bye\r\n")
        heard.append(await reader.read())

    async with serving(slow_to_part) as port:
        network = Network(GUARD, ())
        began = time.monotonic()
        found = await converse(network, "mx.example.fi", GUARD.vet("127.0.0.1"), port)
        told_s = time.monotonic() - began
        await network.close()
        closed_s = time.monotonic() - began
        await asyncio.sleep(0.01)
    assert found.ending is Ending.NOT_OFFERED
    assert told_s < 0.2 <= closed_s
    assert heard[1:] == [b"QUIT\r\n", b""]


async def test_server_without_starttls_does_not_offer_it() -> None:
    async with mail_server(None) as port:
        assert await talk(port) == Conversation("127.0.0.1", Ending.NOT_OFFERED, code=250)


@pytest.mark.parametrize(
    ("replies", "ending", "code"),
    [
        ((b"421 4.7.0 Try again later\r\n",), Ending.TRY_LATER, 421),
        ((b"450-Greylisted\r\n450 come back\r\n",), Ending.TRY_LATER, 450),
        ((b"554 5.7.1 No service for you\r\n",), Ending.TURNED_AWAY, 554),
        ((b"SSH-2.0-OpenSSH_9.2p1\r\n",), Ending.NOT_SMTP, None),
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), Ending.NOT_SMTP, None),
        ((b"\x00\xff\xfe\x01\r\n",), Ending.NOT_SMTP, None),
        ((b"",), Ending.BROKEN_OFF, None),
        ((b"220-half a gree",), Ending.BROKEN_OFF, None),
        ((HELLO, b""), Ending.BROKEN_OFF, None),
        ((SPAMD, b"250 Hello, spam sender.\r\n", b"221 Bye\r\n"), Ending.TRY_LATER, 220),
        ((HELLO, UNKNOWN, b"250 mx\r\n", b"221 Bye\r\n"), Ending.NOT_OFFERED, 250),
        ((HELLO, UNKNOWN, b"550 5.7.1 Your name is on a list\r\n", b"221 Bye\r\n"), Ending.TURNED_AWAY, 550),
        ((HELLO, UNKNOWN, UNKNOWN, b"221 Bye\r\n"), Ending.TURNED_AWAY, 502),
        ((HELLO, UNKNOWN, b"421 4.3.0 Busy\r\n", b"221 Bye\r\n"), Ending.TRY_LATER, 421),
        ((HELLO, b"550 5.7.1 Your name is on a list\r\n", b"221 Bye\r\n"), Ending.TURNED_AWAY, 550),
        ((HELLO, b"451 4.3.0 Busy\r\n", b"221 Bye\r\n"), Ending.TRY_LATER, 451),
        ((HELLO, b"250-mx\r\n250-XXXXXXXA\r\n250 SIZE\r\n", b"221 Bye\r\n"), Ending.MASKED, 250),
        ((HELLO, b"250-mx\r\n250 starttls\r\n", b"454 4.7.0 Not now\r\n", b"221 Bye\r\n"), Ending.TRY_LATER, 454),
        ((HELLO, b"250-mx\r\n250 STARTTLS\r\n", b"502 5.5.1 No\r\n", b"221 Bye\r\n"), Ending.TLS_REFUSED, 502),
    ],
)
async def test_conversation_ends_as_the_server_has_it(
    replies: Sequence[bytes], ending: Ending, code: int | None
) -> None:
    async with serving(saying(*replies)) as port:
        assert await talk(port) == Conversation("127.0.0.1", ending, code=code)


async def _agreed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Offers STARTTLS and agrees to it, up to the first byte of the handshake."""
    for place, reply in enumerate((HELLO, b"250-mx\r\n250 STARTTLS\r\n", b"220 Go ahead\r\n")):
        if place:
            await reader.readline()
        writer.write(reply)
    await reader.read(1)


async def _garbling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _agreed(reader, writer)
    writer.write(b"500 I do not understand\r\n")
    writer.close()


async def test_plain_text_in_place_of_a_handshake_is_a_failed_one() -> None:
    async with serving(_garbling) as port:
        found = await talk(port)
    assert found.ending is Ending.TLS_FAILED
    assert found.handshake is not None
    assert found.handshake.end is HandshakeEnd.NOT_TLS


@pytest.mark.parametrize("reset", [False, True])
async def test_handshake_that_is_cut_off_twice_is_no_failed_one(*, reset: bool) -> None:
    connections = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await _agreed(reader, writer)
        if reset:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()

    async with serving(handle) as port:
        found = await talk(port)
    assert (found.ending, connections) == (Ending.CUT_OFF, 2)


@pytest.mark.parametrize(("reference", "passes"), [("", False), ("unheard.test", False), ("big.test", True)])
async def test_failed_handshakes_are_compared_with_a_reference(
    tls: ssl.SSLContext, reference: str, *, passes: bool
) -> None:
    async with serving(_garbling, "127.0.0.11") as port, mail_server(tls, "127.0.0.99", port):
        found = await look("one.fi", port, reference)
    assert endings(found) == {"mx1.example.fi": [("127.0.0.11", Ending.TLS_FAILED)]}
    assert found.tls_passes is passes


async def test_reference_that_is_garbled_too_shows_that_it_is_our_own_way() -> None:
    async with serving(_garbling, "127.0.0.11") as port, serving(_garbling, "127.0.0.99", port):
        assert (await look("one.fi", port, "big.test")).tls_passes is False


@pytest.mark.parametrize("reference", ["", "unheard.test", "big.test"])
async def test_missing_offers_are_compared_with_a_reference(tls: ssl.SSLContext, reference: str) -> None:
    async with mail_server(None, "127.0.0.11") as port, mail_server(tls, "127.0.0.99", port):
        found = await look("one.fi", port, reference)
    assert endings(found) == {"mx1.example.fi": [("127.0.0.11", Ending.NOT_OFFERED)]}
    assert found.offers_vanish is False


async def test_reference_without_an_offer_shows_that_something_takes_them_out() -> None:
    async with mail_server(None, "127.0.0.11") as port, mail_server(None, "127.0.0.99", port):
        assert (await look("one.fi", port, "big.test")).offers_vanish is True


async def test_handshake_that_is_cut_off_once_is_tried_again(tls: ssl.SSLContext) -> None:
    """The first connection meets a hiccup, the second a server in good health."""
    connections = 0
    async with mail_server(tls) as healthy:

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            if connections == 1:
                await saying(HELLO, b"250-mx\r\n250 STARTTLS\r\n", b"220 Go ahead\r\n")(reader, writer)
                return
            there = await asyncio.open_connection("127.0.0.1", healthy)
            await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))

        async with serving(handle) as port:
            found = await talk(port)
    assert (found.ending, connections) == (Ending.ENCRYPTED, 2)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while some := await source.read(4096):
            target.write(some)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()


async def test_nobody_listening_is_refused() -> None:
    async with serving(saying(b"")) as port:
        pass
    assert await talk(port) == Conversation("127.0.0.1", Ending.UNREACHED, Reach.REFUSED)


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One byte at a time, for ever."""
    del reader
    try:
        for byte in b"220-" + b"x" * 10_000:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(0.05)
    except OSError:
        pass
    writer.close()


async def _mute_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _agreed(reader, writer)
    await reader.read()
    writer.close()


@pytest.mark.parametrize("handler", [_silence, _drip, _mute_handshake])
async def test_slow_server_cannot_hold_us(handler: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "CONVERSATION_S", 0.6)
    async with serving(handler) as port:
        began = time.monotonic()
        found = await talk(port)
    assert found.ending is Ending.SILENT
    assert time.monotonic() - began < 3


async def test_patient_with_a_slow_greeting(tls: ssl.SSLContext) -> None:
    async with mail_server(tls) as healthy:

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(1.5)
            there = await asyncio.open_connection("127.0.0.1", healthy)
            await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))

        async with serving(handle) as port:
            assert (await talk(port)).ending is Ending.ENCRYPTED


@pytest.mark.parametrize("flood", [b"220-hello\r\n" * 100, b"x" * 1000, b"220 " + b"x" * 1000])
async def test_endless_banner_is_cut_at_the_limit(flood: bytes) -> None:
    sent = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        del reader
        try:
            while sent < 100 * READ_LIMIT:
                writer.write(flood)
                sent += len(flood)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async with serving(handle) as port:
        assert await talk(port) == Conversation("127.0.0.1", Ending.NOT_SMTP)
    assert sent < 100 * READ_LIMIT


_VALID = (HELLO, b"250-mx\r\n", b"250 STARTTLS\r\n", b"220 Go\r\n", b"454 no\r\n")
_SCRAPS = (b"\x16\x03\x03\x00\x02", b"\r", b"\n")


@pytest.mark.soak
async def test_whatever_a_server_says_the_conversation_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Valid lines, scraps of TLS and noise in any order; a seed, so that a failure can be seen again."""
    monkeypatch.setattr(smtp, "CONVERSATION_S", 2.0)
    chance = random.Random(20261123)  # noqa: S311 - a test's dice, not a secret

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(chance.randrange(1, 8)):
            noise = chance.randbytes(chance.randrange(40))
            writer.write(b"".join(chance.choices((*_VALID, *_SCRAPS, noise), k=chance.randrange(1, 4))))
            await asyncio.wait_for(reader.read(500), 0.05) if chance.random() < 0.5 else await asyncio.sleep(0)
        writer.close()

    async with serving(handle) as port:
        endings = {(await talk(port)).ending for _ in range(10_000 if SOAK else 200)}
    assert {Ending.NOT_SMTP, Ending.BROKEN_OFF, Ending.NOT_OFFERED} <= endings


def test_own_name_is_a_full_name_or_an_address_literal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "checker.kaupunki.fi")
    assert own_name("198.51.100.7") == "checker.kaupunki.fi"
    monkeypatch.setattr("socket.gethostname", lambda: "checker")
    assert own_name("198.51.100.7") == "[198.51.100.7]"
    assert own_name("2001:db8::7") == "[IPv6:2001:db8::7]"


ZONE = {
    "example.fi. MX": ["example.fi. 60 IN MX 20 mx2.example.fi.", "example.fi. 60 IN MX 10 mx1.example.fi."],
    "mx1.example.fi. A": ["mx1.example.fi. 60 IN A 127.0.0.11"],
    "mx2.example.fi. A": ["mx2.example.fi. 60 IN A 127.0.0.12", "mx2.example.fi. 60 IN A 127.0.0.13"],
    "one.fi. MX": ["one.fi. 60 IN MX 10 mx1.example.fi."],
    "many.fi. MX": [f"many.fi. 60 IN MX {n} m{n}.many.fi." for n in range(9)],
    **{f"m{n}.many.fi. A": [f"m{n}.many.fi. 60 IN A 127.0.0.{20 + n}"] for n in range(9)},
    "web.fi. A": ["web.fi. 60 IN A 127.0.0.14"],
    "null.fi. MX": ["null.fi. 60 IN MX 0 ."],
    "private.fi. MX": ["private.fi. 60 IN MX 10 mx.private.fi."],
    "mx.private.fi. A": ["mx.private.fi. 60 IN A 10.0.0.25"],
    "big.test. MX": ["big.test. 60 IN MX 10 mx.big.test."],
    "mx.big.test. A": ["mx.big.test. 60 IN A 127.0.0.99"],
}


def from_zone(query: dns.message.Message) -> dns.message.Message:
    asked = query.question[0]
    return answer(query, *ZONE.get(f"{asked.name} {asked.rdtype.name}", []))


def gathering(responder: Responder, domain: str) -> Gathering:
    return Gathering(domain, Network(GUARD, (responder.resolver,)), SOURCES)


async def look(domain: str, port: int, *references: str) -> MailServers:
    async with responding(from_zone) as responder:
        return await talk_to_all(gathering(responder, domain), port, references)


def endings(found: MailServers) -> dict[str, list[tuple[str, Ending]]]:
    return {server.host: [(one.address, one.ending) for one in server.conversations] for server in found.servers}


async def test_every_server_is_asked_at_two_addresses(tls: ssl.SSLContext) -> None:
    async with AsyncExitStack() as servers:
        port = await servers.enter_async_context(mail_server(tls, "127.0.0.11"))
        await servers.enter_async_context(mail_server(None, "127.0.0.12", port))
        await servers.enter_async_context(serving(saying(b"421 later\r\n"), "127.0.0.13", port))
        found = await look("example.fi", port)
    assert endings(found) == {
        "mx1.example.fi": [("127.0.0.11", Ending.ENCRYPTED)],
        "mx2.example.fi": [("127.0.0.12", Ending.NOT_OFFERED), ("127.0.0.13", Ending.TRY_LATER)],
    }


async def test_only_the_four_most_preferred_servers_are_asked() -> None:
    async with serving(saying(b"421 later\r\n"), "127.0.0.20") as port:
        found = await look("many.fi", port)
    assert [server.host for server in found.servers] == ["m0.many.fi", "m1.many.fi", "m2.many.fi", "m3.many.fi"]


@pytest.mark.parametrize("domain", ["null.fi", "nothing.fi"])
async def test_domain_without_mail_is_left_alone(domain: str) -> None:
    assert await look(domain, 1) == MailServers(())


async def test_private_address_is_never_connected_to() -> None:
    found = await look("private.fi", 1)
    assert endings(found) == {"mx.private.fi": []}
    assert found.servers[0].addresses is not None
    assert found.servers[0].addresses.refused == ("10.0.0.25",)


async def test_references_out_of_reach_too_mean_that_we_are_blocked() -> None:
    assert (await look("example.fi", 1, "big.test")).port_blocked is True


async def test_reference_in_reach_means_that_we_are_not_blocked() -> None:
    async with serving(_silence, "127.0.0.99") as port:
        assert (await look("example.fi", port, "big.test")).port_blocked is False


async def test_references_that_cannot_be_looked_up_prove_nothing() -> None:
    assert (await look("example.fi", 1, "unheard.test")).port_blocked is False


async def test_references_are_asked_only_where_nobody_answers() -> None:
    async with serving(saying(b"421 later\r\n"), "127.0.0.11") as port, responding(from_zone) as responder:
        await talk_to_all(gathering(responder, "example.fi"), port, ("big.test",))
        assert responder.asked["big.test. MX"] == 0


async def test_web_server_that_refuses_mail_does_not_bother_the_references() -> None:
    async with responding(from_zone) as responder:
        found = await talk_to_all(gathering(responder, "web.fi"), 1, ("big.test",))
        assert responder.asked["big.test. MX"] == 0
    assert endings(found) == {"web.fi": [("127.0.0.14", Ending.UNREACHED)]}
