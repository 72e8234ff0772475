"""Mail servers of many tempers, each at an address of its own on port 25, in one process.

`python -m tests.farm.mail DIRECTORY` serves until it is ended; the directory has the servers' certificates.
"""

import asyncio
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from pathlib import Path

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

from tests.farm.authority import Authority, Certificate
from tests.farm.processes import Processes, accepts

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class MailHost(Enum):
    """Where mail can be sent: the host's label under farm.test, and its address."""

    GOOD = ("mx1", "198.18.1.25")
    NO_STARTTLS = ("mx-plain", "198.18.1.26")
    BROKEN_STARTTLS = ("mx-broken", "198.18.1.27")
    BUSY = ("mx-busy", "198.18.1.28")
    SILENT = ("mx-silent", "198.18.1.29")
    REFUSING = ("mx-refusing", "198.18.1.30")
    PRIVATE = ("mx-private", "10.18.0.25")
    EXPIRED = ("mx-expired", "198.18.1.31")
    OTHER_NAME = ("mx-other", "198.18.1.32")
    SELF_SIGNED = ("mx-self", "198.18.1.33")
    CUTTING_OFF = ("mx-cutting-off", "198.18.1.34")
    GONE = ("mx-gone", None)

    @property
    def host(self) -> str:
        """The full name, without the last dot."""
        return f"{self.value[0]}.farm.test"

    @property
    def mx(self) -> str:
        """The record that sends mail there."""
        return f"10 {self.host}."

    @property
    def address(self) -> str | None:
        """The address; None for a name that does not exist."""
        return self.value[1]


_OTHER_NAMES = (
    "mx2.farm.test",
    "mx-nick.farm.test",
    *(f"mail.{name}.test" for name in ("dane", "dane-stale", "dane-unusable")),
)
"""What domains call the good one as well."""

CERTIFICATES: Mapping[MailHost, Certificate] = {
    MailHost.GOOD: Certificate(names=(MailHost.GOOD.host, *_OTHER_NAMES)),
    MailHost.EXPIRED: Certificate(valid_until=-1),
    MailHost.OTHER_NAME: Certificate(names=("elsewhere.test",)),
    MailHost.SELF_SIGNED: Certificate(issuer="self"),
}
"""The servers that encrypt, and what each shows."""


async def serve(directory: Path) -> None:
    """Serves all of them until cancelled."""
    loop = asyncio.get_running_loop()

    def encrypting(host: MailHost) -> Callable[[], SMTP]:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(directory / f"{host.host}.pem", directory / "key.pem")
        return lambda: SMTP(Sink(), hostname=host.host, tls_context=tls, loop=loop)

    def without_starttls() -> SMTP:
        return SMTP(Sink(), hostname=MailHost.NO_STARTTLS.host, loop=loop)

    servers = [
        *[await loop.create_server(encrypting(host), host.address, 25) for host in CERTIFICATES],
        await loop.create_server(without_starttls, MailHost.NO_STARTTLS.address, 25),
        await asyncio.start_server(
            _agreeing_in_vain(b"500 I do not understand\r\n"), MailHost.BROKEN_STARTTLS.address, 25
        ),
        await asyncio.start_server(_agreeing_in_vain(b""), MailHost.CUTTING_OFF.address, 25),
        await asyncio.start_server(_turns_away, MailHost.BUSY.address, 25),
        await asyncio.start_server(_says_nothing, MailHost.SILENT.address, 25),
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


def _agreeing_in_vain(answer: bytes) -> Handler:
    """Offers STARTTLS and agrees to it, but then says this and hangs up, in the middle of what it is told."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 farm.test ESMTP\r\n")
        while command := (await reader.readline()).strip().upper():
            if command.startswith(b"EHLO"):
                writer.write(b"250-farm.test\r\n250 STARTTLS\r\n")
            elif command == b"STARTTLS":
                writer.write(b"220 Go ahead\r\n")
                await reader.read(1)
                writer.write(answer)
                break
            else:
                writer.write(b"221 Bye\r\n")
        writer.close()

    return handle


async def _turns_away(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says "not now" to every stranger, as greylisting servers do (RFC 5321, section 3.1)."""
    writer.write(b"421 4.7.0 mx-busy.farm.test Try again later\r\n")
    writer.close()


async def _says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def start_mail(processes: Processes, directory: Path, authority: Authority) -> None:
    """Makes the servers' certificates and starts the process that holds them all."""
    directory.mkdir()
    (directory / "key.pem").write_bytes(authority.key_pem)
    for host, certificate in CERTIFICATES.items():
        (directory / f"{host.host}.pem").write_bytes(authority.chain_pem((host.host,), certificate))
    addresses = [host.address for host in MailHost if host not in _NOBODY_THERE and host.address]
    processes.start(
        "mail",
        sys.executable,
        *("-m", "tests.farm.mail", directory),
        ready=lambda: all(accepts(address, 25) for address in addresses),
    )


_NOBODY_THERE = {MailHost.REFUSING, MailHost.PRIVATE, MailHost.GONE}

if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
