"""Questions to a resolver made by hand (RFC 1035, section 4.1): they leave before what reads the replies is loaded."""

import struct
from collections.abc import Iterator
from itertools import islice

TYPES = {
    "A": 1,
    "NS": 2,
    "CNAME": 5,
    "SOA": 6,
    "MX": 15,
    "TXT": 16,
    "AAAA": 28,
    "DS": 43,
    "DNSKEY": 48,
    "TLSA": 52,
    "CAA": 257,
}
"""The types of records that are asked for, as IANA numbers them."""
PAYLOAD = 1232
"""The largest reply that passes everywhere in one piece (DNS flag day 2020); larger ones come by TCP."""

_INTERNET = 1
_RECURSION_DESIRED, _CHECKING_DISABLED = 0x0100, 0x0010
_OPT, _DNSSEC_OK = 41, 0x8000
"""The record that carries extensions (RFC 6891, section 6.1.2), and the one bit of it that we set."""
_LONGEST_LABEL, _LONGEST_NAME = 63, 255


def dns_query(message_id: int, name: str, rdtype: str, *, signatures: bool = False, checking: bool = True) -> bytes:
    """The message that asks for those records of that name.

    The AD bit is never set: a resolver that merely echoes our flags would seem to validate.

    Args:
        message_id: any number of 16 bits; the reply has the same.
        name: as `wire_name` takes it.
        rdtype: one of `TYPES`.
        signatures: whether with DNSSEC OK (RFC 4035, section 3.2.1).
        checking: whether the resolver is to validate what it tells (RFC 4035, section 3.2.2).

    Raises ValueError as `wire_name` does.
    """
    flags = _RECURSION_DESIRED if checking else _RECURSION_DESIRED | _CHECKING_DISABLED
    head = struct.pack("!6H", message_id, flags, 1, 0, 0, 1)
    question = wire_name(name) + struct.pack("!2H", TYPES[rdtype], _INTERNET)
    extensions = struct.pack("!B2HIH", 0, _OPT, PAYLOAD, _DNSSEC_OK if signatures else 0, 0)
    return head + question + extensions


def wire_name(name: str) -> bytes:
    r"""A name with or without its last dot, as it goes over the wire; `.` is the root.

    `\.` is a dot within a label and `\046` the same by its number (RFC 1035, section 5.1).

    Raises ValueError for what is no name, or too long for one (RFC 1035, section 2.3.4).
    """
    if name == ".":
        return b"\0"
    labels = _labels(name.encode("ascii"))
    if not all(0 < len(label) <= _LONGEST_LABEL for label in labels):
        raise ValueError(f"no name: {name}")
    wire = b"".join(bytes((len(label),)) + label for label in (*labels, b""))
    if len(wire) > _LONGEST_NAME:
        raise ValueError(f"too long for a name: {name}")
    return wire


def _labels(name: bytes) -> list[bytes]:
    labels = name.split(b".") if b"\\" not in name else _split(iter(name))
    return labels if labels[-1] else labels[:-1] or labels


def _split(name: Iterator[int]) -> list[bytes]:
    """The labels of a name in which some characters are escaped. Raises ValueError where that makes no sense."""
    labels = [bytearray()]
    for byte in name:
        if byte == ord("."):
            labels.append(bytearray())
        else:
            labels[-1].append(_escaped(name) if byte == ord("\\") else byte)
    return [bytes(label) for label in labels]


def _escaped(rest: Iterator[int]) -> int:
    """The character after a backslash: itself, or by its number in three digits."""
    first = bytes(islice(rest, 1))
    if first and not first.isdigit():
        return first[0]
    digits = first + bytes(islice(rest, 2))
    if len(digits) != 3 or not digits.isdigit() or int(digits) > 255:  # noqa: PLR2004 - three digits for one byte
        raise ValueError(f"no character: \\{digits.decode('ascii')}")
    return int(digits)
