"""One round of looking after events; the worker makes one again and again."""

from datetime import datetime, timedelta
from uuid import UUID

from portal import clock
from portal.apart import apart
from portal.database import rows
from portal.events import letters, mentoring, places
from portal.events.letters import What
from portal.events.places import REMINDED_BEFORE

EVERY = timedelta(seconds=30)

_SOON = """
    SELECT DISTINCT event.id FROM event JOIN registration ON registration.event = event.id
    WHERE event.cancelled_at IS NULL AND event.starts_at > {} AND event.starts_at <= {}
    AND registration.place = 'taken' AND registration.reminded_at IS NULL
"""
_CLAIM = """
    UPDATE registration SET reminded_at = {}
    WHERE event = {} AND place = 'taken' AND reminded_at IS NULL RETURNING id
"""
_WAITED_FOR = """
    SELECT DISTINCT event.id FROM event JOIN registration ON registration.event = event.id
    WHERE event.cancelled_at IS NULL AND event.starts_at > {} AND registration.place = 'waiting'
"""
_UNLINKED = """
    SELECT DISTINCT event.call FROM event JOIN slot ON slot.event = event.id
    JOIN registration ON registration.slot = slot.id WHERE slot.mentor IS NULL
"""


async def go() -> None:
    """Moves up who waits where somebody's account went with their place, reminds, and finds mentors' new accounts.

    A reminder and the mark that it was written are kept in one transaction: each is written once at most.
    """
    now = clock.now()
    for row in await rows(_WAITED_FOR, now):
        event = UUID(str(row["id"]))
        async with apart("event", event):
            await _move_up(event)
    for row in await rows(_SOON, now, now + REMINDED_BEFORE):
        event = UUID(str(row["id"]))
        async with apart("event", event):
            await _remind(event, now)
    for row in await rows(_UNLINKED):
        await mentoring.link(UUID(str(row["call"])))


async def _move_up(event: UUID) -> None:
    async with places.held(event) as row:
        told = await places.move_up(row)
    await letters.post(told)


async def _remind(event: UUID, now: datetime) -> None:
    async with places.held(event) as row:
        if row.cancelled_at is not None or not now < row.starts_at <= now + REMINDED_BEFORE:
            return
        claimed = [UUID(str(each["id"])) for each in await rows(_CLAIM, now, event)]
        told = await letters.keep(row, What.REMINDER, claimed)
    await letters.post(told)
