"""A connection to a mail server: lines out, replies in, and encryption half-way (RFC 5321, RFC 3207)."""

import asyncio

from checks.evidence.tls import Handshake
from checks.gather.network import READ_LIMIT
from checks.gather.tls import shake_hands
from checks.records.smtp_reply import Reply, parse_reply_line

_GOODBYE_S = 1.0


class UnspokenError(Exception):
    """What came is no SMTP reply, or there is no end to it."""


class Session:
    """One connection, read up to READ_LIMIT bytes in all. Patience is the caller's."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._left = READ_LIMIT

    @property
    def local_address(self) -> str:
        """Our own end of it."""
        return str(self._writer.get_extra_info("sockname")[0])

    async def ask(self, line: str) -> Reply:
        """Sends one command and returns the reply; raises as `reply` does."""
        self._writer.write(f"{line}\r\n".encode("ascii"))
        await self._writer.drain()
        return await self.reply()

    async def reply(self) -> Reply:
        """The next reply, all of its lines.

        Raises:
            UnspokenError: that was no SMTP.
            EOFError: the server hung up.
            OSError: the connection broke.
        """
        texts: list[str] = []
        while True:
            try:
                line = parse_reply_line(await self._line())
            except ValueError as error:
                raise UnspokenError from error
            texts.append(line.text)
            if line.last:
                return Reply(line.code, tuple(texts))

    async def encrypt(self, host: str, until: float) -> Handshake:
        """Starts TLS after the server agreed to; the certificate may be any. `until` is by the loop's clock."""
        return await shake_hands(self._reader, self._writer, host, until)

    async def leave(self, until: float) -> None:
        """Says goodbye, waits a moment for the answer, so that the server's log stays clean, and hangs up."""
        goodbye = min(until - _GOODBYE_S, asyncio.get_running_loop().time() + _GOODBYE_S)
        try:
            async with asyncio.timeout_at(goodbye):
                await self.ask("QUIT")
        except (OSError, EOFError, UnspokenError):
            pass  # nothing was left to say
        finally:
            self.close()

    def close(self) -> None:
        """Lets go of the connection at once, whatever the server still says."""
        self._writer.transport.abort()

    async def _line(self) -> bytes:
        """ValueError where a line, or all lines together, are longer than anybody needs."""
        raw = await self._reader.readline()
        if not raw.endswith(b"\n"):
            raise EOFError
        self._left -= len(raw)
        if self._left < 0:
            raise ValueError("too much")
        return raw
