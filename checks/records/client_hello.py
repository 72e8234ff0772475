"""ClientHellos made by hand (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2).

The local OpenSSL has none of the old versions and ciphers, and it would not stop at the server's answer.
"""

import struct

from msgspec import Struct

from checks.evidence.tls import Version
from checks.records import cipher_suites

CODES = {
    Version.SSL2: 0x0002,
    Version.SSL3: 0x0300,
    Version.TLS10: 0x0301,
    Version.TLS11: 0x0302,
    Version.TLS12: 0x0303,
    Version.TLS13: 0x0304,
}

POST_QUANTUM = 0x11EC
GROUPS = {
    POST_QUANTUM: "X25519MLKEM768",
    0x001D: "X25519",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001E: "X448",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
}
"""What a browser of today offers to agree on a key with, and some more (IANA's registry "TLS Supported Groups")."""

_FOR_TLS13 = {POST_QUANTUM, 0x0100, 0x0101}
"""Up to TLS 1.2 a server may not agree on primes of its own with a client that names some (RFC 7919, section 4)."""

DEFLATE, NO_COMPRESSION = 1, 0
RENEGOTIATION_INFO = 0xFF01
"""RFC 5746, section 3.2."""
EXTENDED_MASTER_SECRET = 23
"""RFC 7627, section 5.1."""
HEARTBEAT = 15
"""RFC 6520, section 2."""
SUPPORTED_VERSIONS, KEY_SHARE = 43, 51

_RENEGOTIATION_SCSV = 0x00FF
_SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B,
    0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101,
)  # fmt: skip
_NO_HEARTBEATS_TO_US = b"\x02"
_F5_HANGS = range(256, 512)
"""Old F5 load balancers never answer a ClientHello of such a length (RFC 7685, section 1)."""
_HANDSHAKE = 22


class Offer(Struct, frozen=True):
    """What a ClientHello offers: one version and no other, and cipher suites by their numbers."""

    version: Version
    ciphers: tuple[int, ...] = cipher_suites.ALL


def client_hello(offer: Offer, host: str, random: bytes) -> bytes:
    """One record. `random` is 64 bytes: the client random and the session id.

    Up to TLS 1.2 it also offers secure renegotiation, an extended master secret, compression and heartbeats (of
    which we want none), for the ServerHello tells which of them the server knows. For TLS 1.3 it has no key share
    (RFC 8446, section 4.2.8), so that the answer is a HelloRetryRequest with the group that the server prefers of
    those that browsers offer.
    """
    modern = offer.version is Version.TLS13
    # Whoever has no extensions says by a number among the ciphers what the others say by one of these (RFC 5746, 3.4).
    signal = (_RENEGOTIATION_SCSV,) if offer.version is Version.SSL3 else ()
    ciphers = cipher_suites.MODERN if modern else (*offer.ciphers, *signal)
    compression = (NO_COMPRESSION,) if modern else (DEFLATE, NO_COMPRESSION)
    body = struct.pack("!H", min(CODES[offer.version], CODES[Version.TLS12])) + random[:32]
    body += _vector8(random[32:64] if modern else b"") + _vector16(_numbers(ciphers)) + _vector8(bytes(compression))
    if offer.version is not Version.SSL3:  # its servers never knew extensions
        extensions = _extensions(offer.version, host)
        body += _vector16(extensions + _padding(4 + len(body) + 2 + len(extensions)))
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BH", _HANDSHAKE, min(CODES[offer.version], CODES[Version.TLS10])) + _vector16(message)


def _extensions(version: Version, host: str) -> bytes:
    name = b"\x00" + _vector16(host.encode("ascii"))
    modern = version is Version.TLS13
    groups = tuple(group for group in GROUPS if modern or group not in _FOR_TLS13)
    parts = [
        (0, _vector16(name)),
        (10, _vector16(_numbers(groups))),
        (11, b"\x01\x00"),
        (EXTENDED_MASTER_SECRET, b""),
    ]
    if CODES[version] >= CODES[Version.TLS12]:  # not to be offered with older ones (RFC 5246, section 7.4.1.4.1)
        parts.append((13, _vector16(_numbers(_SIGNATURES))))
    if modern:
        parts.append((SUPPORTED_VERSIONS, _vector8(_numbers((CODES[version],)))))
        parts.append((45, b"\x01\x01"))
        parts.append((KEY_SHARE, _vector16(b"")))
    else:
        parts.append((RENEGOTIATION_INFO, b"\x00"))
        parts.append((HEARTBEAT, _NO_HEARTBEATS_TO_US))
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
