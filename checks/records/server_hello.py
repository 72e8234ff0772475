"""A server's first word in TLS: its ServerHello, or why there will be none (RFC 8446, sections 4.1.3 and 6)."""

import struct

from msgspec import Struct, field

from checks.records.client_hello import KEY_SHARE, SUPPORTED_VERSIONS

_HANDSHAKE, _ALERT = 22, 21
_SERVER_HELLO = 2
_WARNING = 1
_MAX_SESSION_ID = 32
_MAX_RECORDS = 32
"""No server needs as many for its first word; one that goes on without coming to it must not keep us reading."""


class ServerHello(Struct, frozen=True):
    """The server's choice: protocol version, cipher and compression by their numbers, and its extensions."""

    version: int
    cipher: int
    compression: int = 0
    extensions: dict[int, bytes] = field(default_factory=dict)

    @property
    def group(self) -> int | None:
        """The group of the key that it shares, or that it asks us to share. None before TLS 1.3."""
        share = self.extensions.get(KEY_SHARE, b"")
        return int.from_bytes(share[:2], "big") if len(share) >= 2 else None  # noqa: PLR2004 - a group's number


class Alert(Struct, frozen=True):
    """A fatal alert (RFC 8446, section 6)."""

    code: int


class NotTls(Struct, frozen=True):
    """The bytes are no TLS at all."""


def read_reply(data: bytes) -> ServerHello | Alert | NotTls | None:
    """What the bytes so far say; None where more are needed. Alerts that only warn are passed over."""
    message = b""
    records = 0
    while data:
        records += 1
        if records > _MAX_RECORDS or not (_ALERT <= data[0] <= _HANDSHAKE and data[1:2] in {b"", b"\x03"}):
            return NotTls()
        if len(data) < 5:  # noqa: PLR2004 - a record's head
            return None
        kind, length = data[0], int.from_bytes(data[3:5], "big")
        content, data = data[5 : 5 + length], data[5 + length :]
        if len(content) < length:
            return None
        if kind == _ALERT:
            if len(content) == 2 and content[0] != _WARNING:  # noqa: PLR2004 - level and description
                return Alert(content[1])
            continue
        message += content
        if len(message) >= 4 and len(message) >= 4 + int.from_bytes(message[1:4], "big"):  # noqa: PLR2004 - a head
            return _server_hello(message)
    return None


def _server_hello(message: bytes) -> ServerHello | NotTls:
    """The message, where it is whole in itself: what only looks like a ServerHello proves nothing."""
    length = int.from_bytes(message[1:4], "big")
    body = message[4 : 4 + length]
    if message[0] != _SERVER_HELLO or len(body) < 38:  # noqa: PLR2004 - version, random, session, cipher, compression
        return NotTls()
    after = 35 + body[34]
    extensions = _read_extensions(body[after + 3 :])
    if body[34] > _MAX_SESSION_ID or len(body) < after + 3 or extensions is None:
        return NotTls()
    chosen = extensions.get(SUPPORTED_VERSIONS, body[:2])
    cipher = int.from_bytes(body[after : after + 2], "big")
    return ServerHello(int.from_bytes(chosen, "big"), cipher, body[after + 2], extensions)


def _read_extensions(block: bytes) -> dict[int, bytes] | None:
    """None where the lengths do not fit. Servers without any may leave out the whole block."""
    if not block:
        return {}
    data = block[2:]
    if len(block) < 2 or len(data) != int.from_bytes(block[:2], "big"):  # noqa: PLR2004 - the block's length
        return None
    found: dict[int, bytes] = {}
    while data:
        if len(data) < 4:  # noqa: PLR2004 - type and length
            return None
        kind, length = struct.unpack("!HH", data[:4])
        if len(data) < 4 + length:
            return None
        found[kind], data = data[4 : 4 + length], data[4 + length :]
    return found
