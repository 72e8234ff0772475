"""Addresses that records ask reports to be sent to (RFC 9990, section 4; RFC 8460, section 3)."""

from msgspec import Struct


class Destination(Struct, frozen=True):
    """One address for reports. `host` is what its mail goes to, in lower case."""

    uri: str
    host: str


def destination(uri: str) -> Destination:
    """Where a `mailto:` address leads. `!10m`, a largest size, is of old times."""
    return Destination(uri, uri.partition("?")[0].rpartition("@")[2].partition("!")[0].lower().removesuffix("."))
