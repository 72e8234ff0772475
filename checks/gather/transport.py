"""One DNS message to one server and back: UDP, and TCP where the reply did not fit (RFC 1035, section 4.2)."""

import asyncio
import contextlib
import socket
from collections.abc import Callable

_MAX_DATAGRAM = 65535
_TRUNCATED = 0x02
"""The bit TC in the third byte of a message (RFC 1035, section 4.1.1)."""


async def exchange(query: bytes, address: str, port: int, on_call: Callable[[bool], None] = lambda _tcp: None) -> bytes:
    """The reply to this question, as it came (see `checks.gather.replies.parse_reply`).

    Waits as long as it takes: patience is the caller's, who is told of each call before it is made, and whether it is
    a TCP connection; whatever `on_call` raises ends the matter.

    Raises:
        OSError: nothing listens there, or the network is unreachable.
    """
    on_call(False)  # noqa: FBT003 - what `on_call` takes
    received = await _udp(query, address, port)
    if is_truncated(received):
        on_call(True)  # noqa: FBT003 - the same
        received = await _tcp(query, address, port)
    return received


def is_truncated(reply: bytes) -> bool:
    """Whether the reply says that it is only the beginning of one."""
    return bool(reply[2:3] and reply[2] & _TRUNCATED)


async def _udp(query: bytes, address: str, port: int) -> bytes:
    """The datagram with the question's id; the socket is connected, so only the server that was asked is heard.

    Plain socket calls: the question leaves at once, and asyncio's transports would cost more than the rest of it.
    """
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.settimeout(0)
        own.connect((address, port))
        own.send(query)
        while True:
            received = await loop.sock_recv(own, _MAX_DATAGRAM)
            if received[:2] == query[:2]:
                return received


async def _tcp(query: bytes, address: str, port: int) -> bytes:
    """The length before the message (two bytes) is also the limit on what we read: 64 KB."""
    reader, writer = await asyncio.open_connection(address, port)
    try:
        writer.write(len(query).to_bytes(2, "big") + query)
        length = int.from_bytes(await reader.readexactly(2), "big")
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError("the resolver hung up") from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
