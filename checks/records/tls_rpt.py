"""The record that asks for reports about encryption on the way to the mail servers (RFC 8460, section 3)."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from checks.records.report_addresses import Destination, destination

VERSION = "v=TLSRPTv1"

_COUNTS = re.compile(rf"{VERSION}[ \t]*;")
_MEANT = re.compile(r"[\s\"'“”]*v\s*=\s*tls-?rpt", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([!-:<-~]+(?:[ \t]*,[ \t]*[!-:<-~]+)*)")
_MAIL = re.compile(r"mailto:[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+", re.IGNORECASE)
_WEB = re.compile(r"https://[^\s/]+\S*", re.IGNORECASE)
_BARE = re.compile(r"[^\s@:/,;<>\"']+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class TlsReports(Struct, frozen=True):
    """Where reports are sent: `mailto:` and `https:` addresses, and what is meant as one but cannot be used."""

    addresses: tuple[str, ...]
    unusable: tuple[str, ...] = ()


def counts(text: str) -> bool:
    """Whether a TXT record at `_smtp._tls` counts; senders discard the others."""
    return _COUNTS.match(text) is not None


def is_meant(text: str) -> bool:
    """Whether somebody meant a TXT record as one, be it misspelt."""
    return _MEANT.match(text) is not None


def parse(text: str) -> TlsReports | None:
    """The addresses in a record. None where a part of it is no field, or there is no `rua`."""
    fields = [_FIELD.fullmatch(piece.strip(" \t")) for piece in re.sub(r";[ \t]*$", "", text).split(";")[1:]]
    values = [match[2] for match in fields if match is not None and match[1] == "rua"]
    if not values or not all(fields):
        return None
    entries = [entry.strip(" \t") for entry in values[0].split(",")]
    good = tuple(entry for entry in entries if _is_address(entry))
    return TlsReports(good, tuple(entry for entry in entries if entry not in good))


def the_one(texts: Iterable[str]) -> TlsReports | None:
    """What the only record that counts says. None where there is none, or more: senders then report to nobody."""
    counting = [text for text in texts if counts(text)]
    return parse(counting[0]) if len(counting) == 1 else None


def destinations(addresses: Iterable[str]) -> tuple[Destination, ...]:
    """Those of the addresses that reports are mailed to."""
    return tuple(destination(uri) for uri in addresses if _MAIL.fullmatch(uri))


def addresses_meant(texts: Iterable[str]) -> tuple[str, ...]:
    """Every address that can be told in those of these records that were meant as one, put right, each once."""
    meant = filter(is_meant, texts)
    pieces = [piece for text in meant for piece in re.split(r"[;,\s\"'“”]+|rua\s*=", text)]
    return tuple(dict.fromkeys(right for piece in pieces if (right := _put_right(piece)) is not None))


def compose(addresses: Sequence[str]) -> str:
    """The record that has reports sent to these addresses."""
    return f"{VERSION}; rua={','.join(addresses)}"


def _is_address(entry: str) -> bool:
    return _MAIL.fullmatch(entry) is not None or _WEB.fullmatch(entry) is not None


def _put_right(piece: str) -> str | None:
    if _is_address(piece):
        return piece
    return f"mailto:{piece}" if _BARE.fullmatch(piece) else None
