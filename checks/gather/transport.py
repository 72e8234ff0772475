"""One DNS message to one resolver and back: UDP, and TCP where the reply did not fit (RFC 1035, section 4.2)."""

import asyncio
import contextlib
import socket
from collections.abc import Callable

import dns.exception
import dns.flags
import dns.message
import dns.rcode

MAX_RECORDS = 500
"""In one reply; no real one has a tenth of that, and reading thousands of them takes longer than answering does."""

_MAX_DATAGRAM = 65535

_MALFORMED = (dns.exception.DNSException, ValueError, UnicodeError, EOFError)


async def exchange(
    query: dns.message.Message, address: str, port: int, on_call: Callable[[bool], None] = lambda _tcp: None
) -> dns.message.Message:
    """The reply to this question. One that we cannot read in full comes back as an empty FORMERR.

    Waits as long as it takes: patience is the caller's, who is told of each call before it is made, and whether it is
    a TCP connection; whatever `on_call` raises ends the matter.

    Raises:
        OSError: nothing listens there, or the network is unreachable.
    """
    wire = query.to_wire()
    on_call(False)  # noqa: FBT003 - what `on_call` takes
    received = await _udp(query, wire, address, port)
    if _truncated(received):
        on_call(True)  # noqa: FBT003 - the same
        received = await _tcp(wire, address, port)
    return parse_reply(query, received)


def _truncated(received: bytes) -> bool:
    return bool(int.from_bytes(received[2:4], "big") & dns.flags.TC)


def _records(received: bytes) -> int:
    """How many records the reply says that it has, in all three sections (RFC 1035, section 4.1.1)."""
    return sum(int.from_bytes(received[at : at + 2], "big") for at in (6, 8, 10))


def parse_reply(query: dns.message.Message, received: bytes) -> dns.message.Message:
    """The reply; an empty FORMERR where it cannot be read in full, or does not answer this question.

    Half a reply would make a record look absent.
    """
    try:
        if _records(received) <= MAX_RECORDS:
            reply = dns.message.from_wire(received, ignore_trailing=True)
            if query.is_response(reply) and not _truncated(received):
                return reply
    except _MALFORMED:
        pass
    malformed = dns.message.make_response(query)
    malformed.set_rcode(dns.rcode.FORMERR)
    return malformed


async def _udp(query: dns.message.Message, wire: bytes, address: str, port: int) -> bytes:
    """The datagram with the question's id; the socket is connected, so only the server that was asked is heard.

    Plain socket calls: the question leaves at once, and asyncio's transports would cost more than the rest of it.
    """
    loop = asyncio.get_running_loop()
    message_id = query.id.to_bytes(2, "big")
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.settimeout(0)
        own.connect((address, port))
        own.send(wire)
        while True:
            received = await loop.sock_recv(own, _MAX_DATAGRAM)
            if received[:2] == message_id:
                return received


async def _tcp(wire: bytes, address: str, port: int) -> bytes:
    """The length before the message (two bytes) is also the limit on what we read: 64 KB."""
    reader, writer = await asyncio.open_connection(address, port)
    try:
        writer.write(len(wire).to_bytes(2, "big") + wire)
        length = int.from_bytes(await reader.readexactly(2), "big")
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError("the resolver hung up") from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
