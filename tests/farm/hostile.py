"""Servers that mean harm, each at an address of its own: silent, slow, endless, huge, or talking nonsense."""

import asyncio
import contextlib
import gzip
import random
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import cast

from checks.gather.network import Resolver
from tests.binding import bound

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

GOOD_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nStrict-Transport-Security: max-age=31536000\r\n"
    b"X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    b"Content-Security-Policy: default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'\r\n"
)
TLS_ALERTS = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + b"\x03\x03" + b"\x00" * 16_000
"""The beginning of a ServerHello that never comes to its end."""
SMTP_HELLO = b"220 mx ESMTP\r\n"
SMTP_OFFER = b"250-mx\r\n250 STARTTLS\r\n"
SMTP_GO = b"220 Go ahead\r\n"
MUTATED_S = 0.05
"""How long somebody who talks nonsense waits for an answer; then the connection ends."""
MUTATED_SHARE = 0.8
_GIGABYTE = 10**9
_BLOCK = 64 * 1024


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes everything and says nothing."""
    while await reader.read(_BLOCK):
        pass
    writer.close()


async def hanging_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says no more."""
    writer.close()


def dripping(text: bytes, pause_s: float = 1.0) -> Handler:
    """The text, a byte a second, and then again from the beginning."""

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            for byte in text:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(pause_s)

    return handle


def endless(begin: bytes, block: bytes, length: int = _GIGABYTE) -> Handler:
    """A beginning, and then the same block over and over, as fast as it is taken."""

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        many = block * max(1, _BLOCK // len(block))
        for _ in range(0, length, len(many)):
            writer.write(many)
            await writer.drain()
        writer.close()

    return handle


def conversing(*replies: bytes, then: Handler = silence) -> Handler:
    """The first reply unasked, then one for each line; afterwards something else."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for place, reply in enumerate(replies):
            if place:
                await reader.readline()
            writer.write(reply)
            await writer.drain()
        await then(reader, writer)

    return handle


def bomb(size: int = 100 * 1024 * 1024) -> Handler:
    """A page that is small on the way and huge when unpacked."""
    packed = gzip.compress(bytes(size), 9)
    head = GOOD_HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head + packed)
        await writer.drain()
        writer.close()

    return handle


async def leading_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A redirect to another page of the same site, every time."""
    lines = [line async for line in _lines(reader)]
    place = lines[0].split(b" ")[1]
    host = next(line for line in lines if line.lower().startswith(b"host:"))[5:].strip()
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: https://" + host + place + b"x\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while (line := await reader.readline()).strip():
        yield line


def mutated(chance: random.Random, *texts: bytes) -> Handler:
    """After each thing that is said one of the texts, with a few bytes changed, cut or doubled."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(5):
            writer.write(mutation(chance, chance.choice(texts)))
            await writer.drain()
            await asyncio.wait_for(reader.read(_BLOCK), MUTATED_S)
        writer.close()

    return handle


def mutated_tls(chance: random.Random, context: ssl.SSLContext) -> Handler:
    """A true server's side of a handshake, with a few bytes changed."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(incoming, outgoing, server_side=True)
        for _ in range(3):
            incoming.write(await asyncio.wait_for(reader.read(_BLOCK), MUTATED_S))
            with contextlib.suppress(ssl.SSLError):
                server.do_handshake()
            said = outgoing.read()
            writer.write(mutation(chance, said) if said and chance.random() < MUTATED_SHARE else said)
            await writer.drain()
        writer.close()

    return handle


def mutation(chance: random.Random, data: bytes, keep: int = 0) -> bytes:
    """The data with one to four small changes; its first `keep` bytes stay."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(keep, max(keep + 1, len(changed)))
        match chance.randrange(5):
            case 0:
                changed[at : at + 1] = chance.randbytes(1)
            case 1:
                del changed[at : at + chance.randrange(1, 9)]
            case 2:
                changed[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                changed[at:at] = changed[at : at + chance.randrange(1, 40)]
            case _:
                changed[at : at + 2] = chance.choice((b"\x00\x00", b"\xff\xff", b"\xc0\x0c", b"\x7f\xff"))
    return bytes(changed)


class _Truncating(asyncio.DatagramProtocol):
    """Answers each question with half an answer, so that it is put again by TCP."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(data[:2] + b"\x83\x80" + data[4:], addr)


@asynccontextmanager
async def truncating(tcp: Handler, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Resolver]:
    """A name server whose true answers come by TCP only, where the handler takes over."""
    async with _naming(_Truncating, tcp, address, port) as resolver:
        yield resolver


@asynccontextmanager
async def silent_names(address: str, port: int) -> AsyncIterator[None]:
    """A name server that takes questions and never answers."""
    async with _naming(asyncio.DatagramProtocol, silence, address, port):
        yield


@asynccontextmanager
async def _naming(
    protocol: Callable[[], asyncio.DatagramProtocol], tcp: Handler, address: str, port: int
) -> AsyncIterator[Resolver]:
    [(udp_socket, tcp_socket)] = bound(address, port=port)
    port = tcp_socket.getsockname()[1]
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(protocol, sock=udp_socket)
    try:
        async with standing([Door(address, port, tcp, listener=tcp_socket)]):
            yield Resolver(address, port)
    finally:
        udp.close()


@dataclass(frozen=True, slots=True)
class Door:
    """Who listens where; with `tls` behind a good handshake; `listener` where it is bound already."""

    address: str
    port: int
    handle: Handler
    tls: ssl.SSLContext | None = None
    listener: socket.socket | None = None


@asynccontextmanager
async def standing(doors: Iterable[Door]) -> AsyncIterator[None]:
    """All of them at work for the length of the block; their connections end with it."""
    at_work: set[asyncio.Task[None]] = set()

    def guarded(handle: Handler) -> Handler:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            at_work.add(task)
            try:
                await handle(reader, writer)
            except (OSError, ValueError, TimeoutError, asyncio.CancelledError):
                pass
            finally:
                writer.transport.abort()
                at_work.discard(task)

        return serve

    async with AsyncExitStack() as stack:
        for door in doors:
            where = {"sock": door.listener} if door.listener else {"host": door.address, "port": door.port}
            server = await asyncio.start_server(guarded(door.handle), ssl=door.tls, limit=2 * _BLOCK, **where)
            stack.callback(server.close)
        try:
            yield
        finally:
            for task in tuple(at_work):
                task.cancel()
            await asyncio.gather(*at_work, return_exceptions=True)
            await asyncio.sleep(0.01)
