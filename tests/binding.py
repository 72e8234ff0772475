"""One port number for UDP and TCP, as name servers have it: sockets that are bound before anybody serves at them."""

import errno
import socket
from contextlib import ExitStack

TRIES = 50

Both = tuple[socket.socket, socket.socket]
"""A UDP and a TCP socket at the same address and port."""


def bound(*addresses: str, port: int = 0) -> list[Both]:
    """Both sockets at each of these IPv4 addresses, all at that port, or at one that is free for all of them.

    A port that is free for TCP may be taken for UDP, or at the next address. The sockets are the caller's to close.

    Raises:
        OSError: that port is taken, or no port was free for all.
    """
    for _ in range(1 if port else TRIES):
        with ExitStack() as closing:
            try:
                return _all(closing, addresses, port)
            except OSError as error:
                if port or error.errno != errno.EADDRINUSE:
                    raise
    raise OSError(errno.EADDRINUSE, f"no port is free at all of {addresses}")


def _all(closing: ExitStack, addresses: tuple[str, ...], port: int) -> list[Both]:
    made: list[Both] = []
    for address in addresses:
        udp = closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        tcp = closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((address, port))
        port = tcp.getsockname()[1]
        udp.bind((address, port))
        made.append((udp, tcp))
    closing.pop_all()
    return made
