"""A small name server on loopback that replies as a test wants it to, over UDP and TCP, on real sockets."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from checks.gather.network import Resolver
from tests.binding import Both, bound

Behaviour = Callable[[dns.message.Message], dns.message.Message | bytes | None]
"""What to reply to a query; None is silence."""


@dataclass
class Responder:
    behave: Behaviour
    delay_s: float = 0.0
    address: str = "127.0.0.1"
    queries: list[dns.message.Message] = field(default_factory=list)
    over_tcp: int = 0
    port: int = 0

    @property
    def resolver(self) -> Resolver:
        return Resolver(self.address, self.port)

    @property
    def asked(self) -> Counter[str]:
        return Counter(f"{query.question[0].name} {query.question[0].rdtype.name}" for query in self.queries)

    def reply(self, wire: bytes, *, tcp: bool) -> bytes | None:
        query = dns.message.from_wire(wire)
        self.queries.append(query)
        self.over_tcp += tcp
        made = self.behave(query)
        if made is None or isinstance(made, bytes):
            return made
        return made.to_wire(max_size=65535 if tcp else 1232)


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asyncio.get_running_loop().call_later(self._responder.delay_s, self._send, data, addr)

    def _send(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        try:
            reply = self._responder.reply(data, tcp=False)
        except dns.exception.TooBig:
            query = dns.message.from_wire(data)
            truncated = dns.message.make_response(query, recursion_available=True)
            truncated.flags |= dns.flags.TC
            reply = truncated.to_wire()
        if reply is not None and not self._transport.is_closing():
            self._transport.sendto(reply, addr)


@asynccontextmanager
async def responding(
    behave: Behaviour, delay_s: float = 0.0, *, address: str = "127.0.0.1", port: int = 0, sockets: Both | None = None
) -> AsyncIterator[Responder]:
    """A name server for the length of the block: at these sockets, or on that port, or on one that is free."""
    [(udp_socket, tcp_socket)] = [sockets] if sockets else bound(address, port=port)
    address, port = tcp_socket.getsockname()
    responder = Responder(behave, delay_s, address, port=port)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):  # who asked has gone
            while True:
                length = int.from_bytes(await reader.readexactly(2), "big")
                reply = responder.reply(await reader.readexactly(length), tcp=True)
                if reply is None:
                    break
                writer.write(len(reply).to_bytes(2, "big") + reply)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, sock=tcp_socket)
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Udp(responder), sock=udp_socket)
    try:
        yield responder
    finally:
        udp.close()
        server.close()
        await server.wait_closed()


def answer(query: dns.message.Message, *records: str, rcode: str = "NOERROR", ad: bool = False) -> dns.message.Message:
    """A resolver's reply; records as `name TTL IN TYPE data`."""
    reply = dns.message.make_response(query, recursion_available=True)
    reply.set_rcode(dns.rcode.from_text(rcode))
    if ad:
        reply.flags |= dns.flags.AD
    for record in records:
        name, ttl, rdclass, rdtype, data = record.split(" ", 4)
        rrset = dns.rrset.from_text(name, int(ttl), rdclass, rdtype, data)
        reply.find_rrset(reply.answer, rrset.name, rrset.rdclass, rrset.rdtype, rrset.covers, create=True).update(rrset)
    return reply


def with_reason(reply: dns.message.Message, code: int) -> dns.message.Message:
    """The same reply with an extended DNS error (RFC 8914)."""
    reply.use_edns(payload=1232, options=[dns.edns.EDEOption(code)])
    return reply
