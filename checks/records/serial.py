"""Serial numbers of zones: which of them is newer (RFC 1982), and the day that many of them tell (RFC 1912)."""

import functools
from collections.abc import Iterable
from datetime import UTC, date, datetime

_SPACE = 2**32
_HALF = 2**31
_SECONDS = range(10**9, 19 * 10**8)
"""Serials that count the seconds since 1970: from 2001 to 2030, all below those that spell a date."""
_DATED = range(19 * 10**8, 2**32)
"""Those of ten digits that can spell a date and a counter."""


def newest(serials: Iterable[int]) -> int:
    """The newest of them (RFC 1982, section 3.2); of two that cannot be compared, the greater number."""
    return functools.reduce(lambda one, other: other if is_newer(other, one) else one, sorted(serials, reverse=True))


def is_newer(one: int, other: int) -> bool:
    """Whether the first serial comes after the second."""
    return 0 < (one - other) % _SPACE < _HALF


def day_of(serial: int) -> date | None:
    """The day (UTC) on which the zone was changed, as its serial tells it; None where it tells none.

    Two customs: the date and a counter (`2026112301`; RFC 1912, section 2.2), and the seconds since 1970.
    """
    if serial in _SECONDS:
        return datetime.fromtimestamp(serial, UTC).date()
    if serial not in _DATED:
        return None
    try:
        return datetime.strptime(str(serial)[:-2], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
