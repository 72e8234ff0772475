"""Small servers on loopback that do as a test wants, each connection in a thread of its own."""

import asyncio
import contextlib
import socket
import ssl
import threading
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path

Handler = Callable[[socket.socket], None]
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Server:
    """What listens: its port, and how many have come."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.visits = 0
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            self._open.add(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._handle(connection)
        connection.close()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)


@contextlib.asynccontextmanager
async def serving(handle: Handler) -> AsyncIterator[Server]:
    server = Server(handle)
    try:
        yield server
    finally:
        # In a thread, because our own side hangs up only while the event loop runs.
        await asyncio.to_thread(server.stop)


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def saying(*responses: bytes) -> Handler:
    """A web server that sends this to every request."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        for response in responses:
            connection.sendall(response)

    return handle


def over_tls(context: ssl.SSLContext, inner: Handler) -> Handler:
    """The same, encrypted."""

    def handle(connection: socket.socket) -> None:
        # The socket under the encrypted one is the same file, and is closed with it.
        with context.wrap_socket(connection, server_side=True) as encrypted:
            inner(encrypted)

    return handle


def tls_context(chain: Path, key: Path, oldest: str = "TLSv1_2", newest: str = "TLSv1_3") -> ssl.SSLContext:
    """A server's context for these versions, by their names in `ssl.TLSVersion`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion[oldest], ssl.TLSVersion[newest]
    return context
