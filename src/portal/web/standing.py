"""How the service stands, for everybody to see: coarse on purpose, so that nobody learns how to wear it down."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal import clock, settings
from portal.assessments.tables import Assessment, Stage, Worker
from portal.mail.tables import Letter, LetterStage
from portal.web.health import WORKER_SEEN_WITHIN

LOOK_EVERY_S = 15.0
"""Whoever asks in between is told what was seen last: the page costs nothing to ask for again and again."""
SOON = timedelta(seconds=30)
LATE = timedelta(minutes=10)


class Pace(StrEnum):
    """How long what people ask for waits before it is begun."""

    AT_ONCE = "at-once"
    SOON = "soon"
    LATE = "late"
    STANDS = "stands"
    """Nobody is there to begin it."""
    OFF = "off"
    """This installation does no such thing."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """What was seen, and when. That the web answers, its reader sees."""

    looked_at: datetime
    database: bool
    checks: Pace
    letters: Pace

    @property
    def is_fine(self) -> bool:
        """Whether everything goes as it should."""
        return self.database and {self.checks, self.letters} <= {Pace.AT_ONCE, Pace.OFF}


@dataclass(slots=True)
class _Last:
    seen: Standing | None = None
    at_s: float = 0.0


_last = _Last()


async def standing() -> Standing:
    """How the service stands, as seen within the last seconds. Never raises for a database that is away."""
    if _last.seen is None or time.monotonic() - _last.at_s > LOOK_EVERY_S:
        _last.seen, _last.at_s = await look(), time.monotonic()
    return _last.seen


async def look() -> Standing:
    """Looks now."""
    now = clock.now()
    try:
        has_worker = await Worker.exists().where(Worker.beat_at > now - WORKER_SEEN_WITHIN)
        check = (
            await Assessment.select(Assessment.created_at)
            .where(Assessment.status == Stage.QUEUED.value)
            .order_by(Assessment.created_at)
            .first()
        )
        letter = (
            await Letter.select(Letter.created_at)
            .where(Letter.status == LetterStage.QUEUED.value)
            .order_by(Letter.created_at)
            .first()
        )
    except Exception:  # noqa: BLE001 - whatever the reason: the database does not answer
        letters = Pace.UNKNOWN if settings.current().sends_letters else Pace.OFF
        return Standing(now, database=False, checks=Pace.STANDS, letters=letters)
    checks = pace(check["created_at"] if check else None, now) if has_worker else Pace.STANDS
    if not settings.current().sends_letters:
        letters = Pace.OFF
    else:
        letters = pace(letter["created_at"] if letter else None, now) if has_worker else Pace.STANDS
    return Standing(now, database=True, checks=checks, letters=letters)


def pace(waits_since: datetime | None, now: datetime) -> Pace:
    """How fast things go where the oldest that is not yet begun was asked for at that time; None where none waits."""
    if waits_since is None or now - waits_since < SOON:
        return Pace.AT_ONCE
    return Pace.SOON if now - waits_since < LATE else Pace.LATE
