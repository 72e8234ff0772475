"""What ends when: one list for a calendar, from the findings that say so (`expires` in their evidence)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from checks.contract import Finding, Json


class Due(Struct, frozen=True):
    """One thing that ends: the finding's id says what it is, `subject` whose; `expires` is aware UTC."""

    expires: datetime
    id: str
    subject: str


def dates(findings: Iterable[Finding]) -> list[Due]:
    """The first to end first; at the same moment by id and subject. What has no readable date is left out."""
    ends = ((finding, _moment(finding.evidence.get("expires"))) for finding in findings)
    found = (Due(when, finding.id, finding.subject) for finding, when in ends if when is not None)
    return sorted(found, key=lambda due: (due.expires, due.id, due.subject))


def _moment(value: Json) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else None
