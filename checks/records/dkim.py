"""DKIM key records: a TXT record in, a key or its fault out (RFC 6376, section 3.6.1; RFC 8463)."""

import base64
import binascii
from enum import StrEnum

from msgspec import Struct

_KEY_TYPES = {"rsa", "ed25519"}
_ED25519_LENGTH = 32
_DER_INTEGER, _DER_BIT_STRING, _DER_SEQUENCE = 0x02, 0x03, 0x30


class KeyState(StrEnum):
    """What a key record is good for. `REVOKED`: it says that mail signed with this key is not to be trusted."""

    USABLE = "usable"
    REVOKED = "revoked"
    BROKEN = "broken"


class Key(Struct, frozen=True):
    """A usable key. `kind`: `rsa` or `ed25519`; `bits`: the size of an RSA modulus, 256 for Ed25519.

    `testing`: its owner asks receivers to treat signed mail as if it were not signed (`t=y`).
    """

    kind: str
    bits: int
    testing: bool


def key_state(text: str) -> KeyState | None:
    """What a TXT record under `_domainkey` is good for. None where it is no DKIM key, or one of an unknown type."""
    tags = _tags(text)
    if tags is None:
        return KeyState.BROKEN if text.lstrip().startswith("v=DKIM1") else None
    if tags.get("v", "DKIM1") != "DKIM1" or not {"v", "p"} & set(tags) or tags.get("k", "rsa") not in _KEY_TYPES:
        return None
    if tags.get("p") == "":
        return KeyState.REVOKED
    return KeyState.BROKEN if read_key(text) is None else KeyState.USABLE


def read_key(text: str) -> Key | None:
    """The key in a record whose tags are those of DKIM. None where it holds no whole one."""
    tags = _tags(text) or {}
    kind = tags.get("k", "rsa")
    bits = _size(kind, tags.get("p", ""))
    flags = {flag.strip() for flag in tags.get("t", "").split(":")}
    return None if bits is None else Key(kind, bits, "y" in flags)


def _tags(text: str) -> dict[str, str] | None:
    """The tag-list (section 3.2); None where it is malformed or names a tag twice."""
    tags: dict[str, str] = {}
    for part in text.rstrip().removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or name.strip() in tags:
            return None
        tags[name.strip()] = value.strip()
    return tags


def _size(kind: str, encoded: str) -> int | None:
    """The bits of the key: raw for Ed25519, for RSA in DER (with or without its algorithm's name)."""
    try:
        key = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if kind == "ed25519":
        return 8 * len(key) if len(key) == _ED25519_LENGTH else None
    return _modulus_bits(key)


def _modulus_bits(der: bytes) -> int | None:
    """The size of an RSA modulus (RFC 8017, appendix A.1.1), within SubjectPublicKeyInfo or bare.

    None where a part is missing: long keys are often cut when copied.
    """
    outer = _unwrap(der, _DER_SEQUENCE)
    if outer is None:
        return None
    if outer[:1] == bytes([_DER_SEQUENCE]):
        after = _rest(outer)
        bits = None if after is None else _unwrap(after, _DER_BIT_STRING)
        outer = None if bits is None else _unwrap(bits[1:], _DER_SEQUENCE)
    modulus = None if outer is None else _unwrap(outer, _DER_INTEGER)
    return int.from_bytes(modulus, "big").bit_length() if modulus else None


def _unwrap(der: bytes, tag: int) -> bytes | None:
    """The content of the first value, if it has that tag and is all there (X.690, section 8.1)."""
    span = _span(der)
    return der[span[0] : span[1]] if span is not None and der[0] == tag else None


def _rest(der: bytes) -> bytes | None:
    """What follows the first value."""
    span = _span(der)
    return None if span is None else der[span[1] :]


def _span(der: bytes) -> tuple[int, int] | None:
    """Where the content of the first value begins and ends; None where some of it is missing."""
    if len(der) < 2:  # noqa: PLR2004 - a tag and a length
        return None
    size = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + size], "big") if size else der[1]
    end = 2 + size + length
    return (2 + size, end) if length > 0 and end <= len(der) else None
