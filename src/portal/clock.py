"""What time it is for everything that comes round by the calendar: asked here, so that a test can let a year pass."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)
