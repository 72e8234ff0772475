"""DNSKEY and DS records: which key the parent vouches for (RFC 4034, sections 2 and 5)."""

import base64
import hashlib
from collections.abc import Iterable

from msgspec import Struct

CURRENT_ALGORITHMS = {8, 10, 13, 14, 15, 16}
"""What validators must or should check today (RFC 9904); the older ones count as no signature (RFC 9905)."""
CURRENT_DIGESTS = {2, 4}

_ZONE_KEY = 0x0100
_REVOKED = 0x0080
_ENTRY_POINT = 0x0001
_SHA256 = 2


class ZoneKey(Struct, frozen=True):
    """One DNSKEY record; `data` is its wire form."""

    flags: int
    algorithm: int
    data: bytes

    @classmethod
    def parse(cls, text: str) -> "ZoneKey":
        """From presentation form: `257 3 13 <base64>`. Raises ValueError for anything else."""
        flags, protocol, algorithm, key = text.split(maxsplit=3)
        head = int(flags).to_bytes(2, "big") + bytes((int(protocol), int(algorithm)))
        return cls(int(flags), int(algorithm), head + base64.b64decode("".join(key.split()), validate=True))

    @property
    def tag(self) -> int:
        """The key tag (RFC 4034, appendix B)."""
        total = sum(byte << 8 if at % 2 == 0 else byte for at, byte in enumerate(self.data))
        return (total + (total >> 16)) & 0xFFFF

    def voucher(self, zone: str) -> str:
        """The DS record that vouches for the key, with a SHA-256 digest, in presentation form."""
        labels = [label.encode("ascii") for label in zone.lower().split(".")]
        owner = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
        return f"{self.tag} {self.algorithm} {_SHA256} {hashlib.sha256(owner + self.data).hexdigest()}"


class Voucher(Struct, frozen=True):
    """One DS record."""

    tag: int
    algorithm: int
    digest: int

    @classmethod
    def parse(cls, text: str) -> "Voucher":
        """From presentation form: `12345 13 2 <hex>`. Raises ValueError for anything else."""
        tag, algorithm, digest, _ = text.split(maxsplit=3)
        return cls(int(tag), int(algorithm), int(digest))

    @property
    def current(self) -> bool:
        """Whether validators still go by it."""
        return self.algorithm in CURRENT_ALGORITHMS and self.digest in CURRENT_DIGESTS


def entry_keys(keys: Iterable[ZoneKey]) -> list[ZoneKey]:
    """The keys that a parent should vouch for: those marked as entry points, else every zone key."""
    usable = [key for key in keys if key.flags & _ZONE_KEY and not key.flags & _REVOKED]
    return [key for key in usable if key.flags & _ENTRY_POINT] or usable
