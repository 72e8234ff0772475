"""DKIM key records: a TXT record in, a key or its fault out (RFC 6376, section 3.6.1; RFC 8463)."""

import base64
import binascii
from enum import StrEnum

_KEY_TYPES = {"rsa", "ed25519"}
_ED25519_LENGTH = 32
_DER_SEQUENCE = 0x30


class KeyState(StrEnum):
    """What a key record is good for. `REVOKED`: it says that mail signed with this key is not to be trusted."""

    USABLE = "usable"
    REVOKED = "revoked"
    BROKEN = "broken"


def key_state(text: str) -> KeyState | None:
    """What a TXT record under `_domainkey` is good for. None where it is no DKIM key, or one of an unknown type."""
    tags = _tags(text)
    if tags is None:
        return KeyState.BROKEN if text.lstrip().startswith("v=DKIM1") else None
    if (
        tags.get("v", "DKIM1") != "DKIM1"
        or not {"v", "p"} & set(tags)
        or tags.get("k", "rsa") not in {"rsa", "ed25519"}
    ):
        return None
    if tags.get("p") == "":
        return KeyState.REVOKED
    return KeyState.USABLE if _is_key(tags.get("k", "rsa"), tags.get("p", "")) else KeyState.BROKEN


def _tags(text: str) -> dict[str, str] | None:
    """The tag-list (section 3.2); None where it is malformed or names a tag twice."""
    tags: dict[str, str] = {}
    for part in text.rstrip().removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or name.strip() in tags:
            return None
        tags[name.strip()] = value.strip()
    return tags


def _is_key(kind: str, encoded: str) -> bool:
    """Whether the text holds a whole key: raw for Ed25519, for RSA in DER (with or without its algorithm's name)."""
    try:
        key = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(key) == _ED25519_LENGTH if kind == "ed25519" else _is_whole_sequence(key)


def _is_whole_sequence(der: bytes) -> bool:
    """Whether as much follows as the head of the DER sequence says: long keys are often cut when copied (X.690)."""
    if len(der) < 2 or der[0] != _DER_SEQUENCE:  # noqa: PLR2004 - a tag and a length
        return False
    size = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + size], "big") if size else der[1]
    return 0 < length <= len(der) - 2 - size
