"""What a registry says about a domain: an RDAP answer, read without trust in its sender (RFC 9083)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

MAX_STATUSES = 20


class RdapDomain(Struct, frozen=True):
    """A registered domain. `expires` (aware UTC) is None where the registry does not tell.

    `statuses` in the words of RFC 9083, section 10.2.2, and RFC 8056: `active`, `redemption period`, `pending delete`…
    """

    expires: datetime | None
    statuses: tuple[str, ...] = ()


def parse(text: bytes, domain: str) -> RdapDomain | None:
    """The answer about that domain (A-labels). None for what is no such answer (section 5.3)."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("objectClassName", "domain") != "domain":
        return None
    if str(found.get("ldhName", "")).lower().removesuffix(".") != domain:
        return None
    statuses = (status for status in _list(found.get("status")) if isinstance(status, str))
    return RdapDomain(
        expires=min(_expirations(found.get("events")), default=None),
        statuses=tuple(status.strip().lower() for status in statuses)[:MAX_STATUSES],
    )


def _expirations(events: object) -> Iterator[datetime]:
    for event in _list(events):
        if isinstance(event, dict) and str(event.get("eventAction")).lower() == "expiration":
            when = _moment(event.get("eventDate"))
            if when is not None:
                yield when


def _moment(text: object) -> datetime | None:
    """An RFC 3339 time; some registries give the day alone."""
    if not isinstance(text, str):
        return None
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
