"""SSL 2.0, which nobody may speak any more (RFC 6176): its CLIENT-HELLO, and the SERVER-HELLO that says yes.

The protocol was never an RFC; it is described in "The SSL Protocol" (Netscape, 1995).
"""

import struct

from msgspec import Struct

from checks.records.server_hello import Alert, NotTls, ServerHello, read_reply

VERSION = 0x0002
CIPHERS = (0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700C0)
"""RC4, RC4 for export, RC2, RC2 for export, IDEA, DES, 3DES."""

_CLIENT_HELLO, _SERVER_HELLO = 1, 4
_TLS_RECORDS = {20, 21, 22, 23}
_HEAD = 11


class Ssl2Hello(Struct, frozen=True):
    """The ciphers that the server offers, by their numbers, and its certificate (DER)."""

    ciphers: tuple[int, ...]
    certificate: bytes


def ssl2_hello(challenge: bytes) -> bytes:
    """One record that offers SSL 2.0 and nothing else. `challenge`: 16 bytes at random."""
    ciphers = b"".join(code.to_bytes(3, "big") for code in CIPHERS)
    message = struct.pack("!BHHHH", _CLIENT_HELLO, VERSION, len(ciphers), 0, len(challenge)) + ciphers + challenge
    return struct.pack("!H", 0x8000 | len(message)) + message


def read_ssl2_reply(data: bytes) -> Ssl2Hello | ServerHello | Alert | NotTls | None:
    """What the bytes so far say; None where more are needed. A server of today answers in TLS, with an alert."""
    if len(data) < 3:  # noqa: PLR2004 - a record's head
        return None
    if data[0] in _TLS_RECORDS and data[1] == 3:  # noqa: PLR2004 - the major version of SSL 3.0 and TLS
        return read_reply(data)
    if not data[0] & 0x80:
        return NotTls()
    length = int.from_bytes(data[:2], "big") & 0x7FFF
    message = data[2 : 2 + length]
    if data[2] != _SERVER_HELLO:
        return NotTls()
    return None if len(message) < length else _server_hello(message)


def _server_hello(message: bytes) -> Ssl2Hello | NotTls:
    """The message, where it is whole in itself and offers ciphers of SSL 2.0 that we offered."""
    if len(message) < _HEAD:
        return NotTls()
    _kind, _hit, _type, version, certificate, ciphers, connection = struct.unpack("!BBBHHHH", message[:_HEAD])
    if version != VERSION or ciphers % 3 or len(message) != _HEAD + certificate + ciphers + connection:
        return NotTls()
    text = message[_HEAD + certificate : _HEAD + certificate + ciphers]
    offered = tuple(int.from_bytes(text[at : at + 3], "big") for at in range(0, ciphers, 3))
    return Ssl2Hello(tuple(code for code in offered if code in CIPHERS), message[_HEAD : _HEAD + certificate])
