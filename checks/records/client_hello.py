"""A ClientHello that offers one protocol version, and what the server says to it (RFC 8446, section 4.1).

Made by hand, because the local OpenSSL has none of the old versions. It offers every cipher that servers of
that version may want, so that a refusal is about the version.
"""

import struct
from dataclasses import dataclass, field

from checks.evidence.tls import Version

CODES = {
    Version.SSL3: 0x0300,
    Version.TLS10: 0x0301,
    Version.TLS11: 0x0302,
    Version.TLS12: 0x0303,
    Version.TLS13: 0x0304,
}

MODERN_CIPHERS = (0x1301, 0x1302, 0x1303, 0x1304)
LEGACY_CIPHERS = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F, 0xCCAA,  # ECDHE and DHE with AEAD
    0xC023, 0xC024, 0xC027, 0xC028, 0xC009, 0xC00A, 0xC013, 0xC014,  # ECDHE with CBC
    0x0033, 0x0039, 0x0067, 0x006B, 0x0032, 0x0038, 0x0040, 0x006A,  # DHE with CBC, RSA and DSS
    0x009C, 0x009D, 0x002F, 0x0035, 0x003C, 0x003D, 0x0041, 0x0084, 0x0096,  # plain RSA
    0xC008, 0xC012, 0x000A, 0x0013, 0x0016,  # 3DES
    0xC007, 0xC011, 0x0004, 0x0005, 0x0009, 0x0015, 0x0003, 0x0006, 0x0008, 0x0014,  # RC4, DES, export
)  # fmt: skip
_RENEGOTIATION_SCSV = 0x00FF
_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101, 0x11EC)
_SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B,
    0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202,
)  # fmt: skip
_X25519 = 0x001D
_F5_HANGS = range(256, 512)
"""Old F5 load balancers never answer a ClientHello of such a length (RFC 7685, section 1)."""

_HANDSHAKE, _ALERT = 22, 21
_SERVER_HELLO = 2
_WARNING = 1
_SUPPORTED_VERSIONS = 43


@dataclass(frozen=True, slots=True)
class ServerHello:
    """The server's choice: protocol version and cipher by their numbers, and its extensions."""

    version: int
    cipher: int
    extensions: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """A fatal alert (RFC 8446, section 6)."""

    code: int


@dataclass(frozen=True, slots=True)
class NotTls:
    """The bytes are no TLS at all."""


def client_hello(version: Version, host: str, random: bytes) -> bytes:
    """One record that offers that version and no other.

    `random` is 96 bytes: the client random, the session id, and the key share (any 32 bytes are an X25519 point).
    SSL 3.0 goes without extensions, which its servers never knew.
    """
    modern = version is Version.TLS13
    ciphers = MODERN_CIPHERS if modern else (*LEGACY_CIPHERS, _RENEGOTIATION_SCSV)
    session = random[32:64] if modern else b""
    body = struct.pack("!H", min(CODES[version], CODES[Version.TLS12])) + random[:32]
    body += _vector8(session) + _vector16(_numbers(ciphers)) + b"\x01\x00"
    if version is not Version.SSL3:
        extensions = _extensions(version, host, random[64:96])
        body += _vector16(extensions + _padding(4 + len(body) + 2 + len(extensions)))
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    record_version = CODES[Version.SSL3] if version is Version.SSL3 else CODES[Version.TLS10]
    return struct.pack("!BH", _HANDSHAKE, record_version) + _vector16(message)


def read_reply(data: bytes) -> ServerHello | Alert | NotTls | None:
    """What the bytes so far say; None where more are needed. Alerts that only warn are passed over."""
    message = b""
    while data:
        if not (_ALERT <= data[0] <= _HANDSHAKE and data[1:2] in {b"", b"\x03"}):
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
    length = int.from_bytes(message[1:4], "big")
    body = message[4 : 4 + length]
    if message[0] != _SERVER_HELLO or len(body) < 38:  # noqa: PLR2004 - version, random, session, cipher, compression
        return NotTls()
    after = 35 + body[34]
    if len(body) < after + 3:
        return NotTls()
    extensions = _read_extensions(body[after + 5 :])
    chosen = extensions.get(_SUPPORTED_VERSIONS, body[:2])
    return ServerHello(int.from_bytes(chosen, "big"), int.from_bytes(body[after : after + 2], "big"), extensions)


def _read_extensions(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(data) >= 4:  # noqa: PLR2004 - type and length
        kind, length = struct.unpack("!HH", data[:4])
        found[kind], data = data[4 : 4 + length], data[4 + length :]
    return found


def _extensions(version: Version, host: str, share: bytes) -> bytes:
    name = b"\x00" + _vector16(host.encode("ascii"))
    parts = [
        (0, _vector16(name)),
        (10, _vector16(_numbers(_GROUPS))),
        (11, b"\x01\x00"),
        (13, _vector16(_numbers(_SIGNATURES))),
        (23, b""),
    ]
    if version is Version.TLS13:
        parts.append((_SUPPORTED_VERSIONS, _vector8(_numbers((CODES[version],)))))
        parts.append((45, b"\x01\x01"))
        parts.append((51, _vector16(struct.pack("!H", _X25519) + _vector16(share))))
    return b"".join(struct.pack("!H", kind) + _vector16(content) for kind, content in parts)


def _padding(length: int) -> bytes:
    """The extension that lifts a ClientHello of that length out of the range in which some servers hang."""
    if length not in _F5_HANGS:
        return b""
    return struct.pack("!H", 21) + _vector16(bytes(max(_F5_HANGS.stop - length - 4, 0)))


def _numbers(values: tuple[int, ...]) -> bytes:
    return struct.pack(f"!{len(values)}H", *values)


def _vector8(content: bytes) -> bytes:
    return bytes((len(content),)) + content


def _vector16(content: bytes) -> bytes:
    return struct.pack("!H", len(content)) + content
