"""`/.well-known/security.txt`: whom to tell of a weakness in this installation (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from litestar import MediaType, get
from litestar.exceptions import NotFoundException

from portal import clock, settings
from portal.accounts.permissions import anyone
from portal.i18n import NAMES
from portal.settings import Settings
from portal.web.guards import requires

PATH = "/.well-known/security.txt"
HOLDS_FOR = timedelta(days=90)
"""From the day on which it is read: as long as the portal runs with that contact, it holds (section 2.5.5)."""


@get(PATH, media_type=MediaType.TEXT, sync_to_thread=False, guards=[requires(anyone)])
def show() -> str:
    """Raises NotFoundException where no contact is set: a file without one is worse than none."""
    chosen = settings.current()
    if not chosen.told_of_weaknesses:
        raise NotFoundException
    return text(chosen, clock.now())


def text(chosen: Settings, now: datetime) -> str:
    """The file, for settings that name a contact. What an address of ours would be needed for goes without one."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {chosen.told_of_weaknesses}",
        f"Expires: {midnight + HOLDS_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(NAMES)}",
    ]
    if chosen.https:
        lines += [f"Canonical: {chosen.public_url}{PATH}", f"Policy: {chosen.public_url}/en/security"]
    return "\n".join(lines) + "\n"
