"""Real mail servers on loopback, in a thread of their own: they take letters, or answer as a test tells them to."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ADDRESS = "anna@kahvila.test"
USER, PASSWORD = "kyberkunto", "p/ss@wörd%"

LET_GO_S = 0.1
"""So long a server has to close what its clients left."""


class PostOffice:
    """A mail server. `answers`: by step (`RCPT`, or `DATA` for the answer to the letter), the next ones to give.

    After those, everything is taken. `taken`: each letter whose last byte arrived, as (recipient, letter), whatever the
    answer. `pause_s`: how long it thinks before each of those answers. `refuses` names steps refused for ever.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, at_once: bool = False, sign_in: bool = False) -> None:
        self.answers: dict[str, list[str]] = {"RCPT": [], "DATA": []}
        self.taken: list[tuple[str, EmailMessage]] = []
        self.pause_s: dict[str, float] = {"RCPT": 0.0, "DATA": 0.0}
        self.heard = threading.Event()
        self._tls, self._at_once, self._sign_in = tls, at_once, sign_in
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> int:
        self._server = await self._loop.create_server(
            self._session, "127.0.0.1", 0, ssl=self._tls if self._at_once else None
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        await _end(self._server)

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="mail.test",
            loop=self._loop,
            tls_context=None if self._at_once else self._tls,
            require_starttls=self._tls is not None and not self._at_once,
            auth_required=self._sign_in,
            auth_require_tls=not self._at_once,
            authenticator=_authenticate if self._sign_in else None,
        )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Sequence[str]
    ) -> str:
        self.heard.set()
        answer = await self._answer("RCPT")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((envelope.rcpt_tos[0], letter))
        return await self._answer("DATA")

    async def _answer(self, step: str) -> str:
        await asyncio.sleep(self.pause_s[step])
        return self.answers[step].pop(0) if self.answers[step] else "250 OK"


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, shown: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's signature
    assert isinstance(shown, LoginPassword)
    return AuthResult(success=(shown.login, shown.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@contextlib.contextmanager
def says(*lines: bytes) -> Iterator[int]:
    """The port of a server that says these lines, one to greet and one for each that it hears, and then nothing."""
    with _listening(lines) as port:
        yield port


@contextlib.contextmanager
def _listening(lines: Sequence[bytes]) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            for line in lines:
                writer.write(line)
                await reader.readline()
            await reader.read()
        writer.close()

    server = _in(loop, lambda: asyncio.start_server(serve, "127.0.0.1", 0))
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        _in(loop, lambda: _end(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _in(loop: asyncio.AbstractEventLoop, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it makes
    return asyncio.run_coroutine_threadsafe(make(), loop).result()


async def _end(server: asyncio.Server) -> None:
    server.close()
    await asyncio.sleep(LET_GO_S)
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
