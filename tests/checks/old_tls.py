"""A server on tlslite, a TLS library that still has what every OpenSSL of today gave up: SSL 3.0, RC4, 3DES."""

import socket
import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of `asyncore`, which it imports where Python has it
    from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
    from tlslite.errors import TLSError


def shake_hands(connection: socket.socket, chain: Path, key: Path, **changed: object) -> TLSConnection | None:
    """The encrypted connection, or None where none came about. `changed`: fields of tlslite's HandshakeSettings."""
    certificates = X509CertChain()
    certificates.parsePemList(chain.read_text())
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = (3, 0), (3, 3)
    for name, value in changed.items():
        assert hasattr(settings, name), name
        setattr(settings, name, value)
    encrypted = TLSConnection(connection)
    try:
        encrypted.handshakeServer(
            certChain=certificates, privateKey=parsePEMKey(key.read_text(), private=True), settings=settings, anon=True
        )
    except (TLSError, OSError):
        return None
    return encrypted
