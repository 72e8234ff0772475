"""Web servers with faults that no OpenSSL of today can have, each in a process of its own; they stand on tlslite.

`python -m tests.farm.old_web ADDRESS CHAIN KEY TEMPER PAGE` serves one until it is ended.
"""

import contextlib
import socket
import sys
import threading
import warnings
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from tests.farm.processes import Processes, accepts

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of `asyncore`, which it imports where Python has it
    from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
    from tlslite.constants import ExtensionType
    from tlslite.errors import TLSError
    from tlslite.messages import ServerHello

_PATIENCE_S = 5.0


class Temper(Enum):
    """What is wrong with a server; the rest of it is good."""

    SSL3 = "ssl3"
    TRIPLE_DES = "triple-des"
    OLD_RENEGOTIATION = "old-renegotiation"


_SETTINGS: Mapping[Temper, Mapping[str, object]] = {
    Temper.SSL3: {"minVersion": (3, 0), "cipherNames": ["aes128gcm", "aes128"]},
    Temper.TRIPLE_DES: {"minVersion": (3, 3), "cipherNames": ["aes128gcm", "3des"]},
    Temper.OLD_RENEGOTIATION: {"minVersion": (3, 3), "cipherNames": ["aes128gcm"]},
}
"""Fields of tlslite's HandshakeSettings."""


class Forgetful(TLSConnection):  # type: ignore[misc] - the library has no types
    """A server from before 2010: it does not know secure renegotiation (RFC 5746)."""

    def _sendMsg(self, msg: object, *args: object, **named: object) -> object:  # noqa: N802 - the library's name
        if isinstance(msg, ServerHello):
            msg.extensions = [each for each in msg.extensions if each.extType != ExtensionType.renegotiation_info]
        return super()._sendMsg(msg, *args, **named)


def shake_hands(  # noqa: PLR0913 - a server has this many sides
    connection: socket.socket,
    chain: Path,
    key: Path,
    settings: Mapping[str, object],
    kind: type[TLSConnection] = TLSConnection,
    *,
    anonymous: bool = False,
) -> TLSConnection | None:
    """The encrypted connection, or None where none came about. `anonymous`: also without showing a certificate."""
    certificates, wanted = X509CertChain(), HandshakeSettings()
    certificates.parsePemList(chain.read_text())
    wanted.maxVersion = (3, 3)
    for name, value in settings.items():
        assert hasattr(wanted, name), name
        setattr(wanted, name, value)
    encrypted = kind(connection)
    private = parsePEMKey(key.read_text(), private=True)
    with contextlib.suppress(TLSError, OSError):
        encrypted.handshakeServer(certChain=certificates, privateKey=private, settings=wanted, anon=anonymous)
        return encrypted
    return None


def serve(address: str, chain: Path, key: Path, temper: Temper, page: str) -> None:
    """Answers every request on port 443 with the same page, each in a thread of its own, until it is ended."""
    answer = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n{page}\n".encode()
    kind = Forgetful if temper is Temper.OLD_RENEGOTIATION else TLSConnection

    def talk(connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE_S)
        with connection, contextlib.suppress(TLSError, OSError):
            encrypted = shake_hands(connection, chain, key, _SETTINGS[temper], kind)
            if encrypted is not None:
                encrypted.recv(65536)
                encrypted.sendall(answer)
                encrypted.close()

    with socket.create_server((address, 443), backlog=100) as listener:
        while True:
            threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


def start_old_web(processes: Processes, name: str, server: tuple[str, Path, Path, str, str]) -> None:
    """Starts one, with the arguments of this module."""
    command = (sys.executable, "-m", "tests.farm.old_web", *server)
    processes.start(name, *command, ready=lambda: accepts(server[0], 443))


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Temper[sys.argv[4]], sys.argv[5])
