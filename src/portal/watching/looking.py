"""The weekly look: begins checks that are due, and learns from those that have ended.

Each step is one statement or one transaction, and what it does twice it does once: a kill between two loses nothing.
"""

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from portal.apart import apart
from portal.assessments import queries
from portal.assessments import service as assessments
from portal.assessments.service import Asking
from portal.assessments.tables import Assessment, Stage, Way
from portal.database import rows, transaction
from portal.errors import TooManyChecksError
from portal.watching import known as knowledge
from portal.watching import service
from portal.watching.known import GONE, Known, News
from portal.watching.tables import Watch

AGAIN_AFTER = timedelta(hours=1)
"""After a check that could not be begun, or whose beginning was cut off."""
FORETOLD = timedelta(days=14)
"""So long before its end a watch says that it ends."""
OPTED_OUT, NO_DOMAIN = "opted-out", "no-such-domain"
LATEST = knowledge.WEEK + timedelta(days=1)
"""No look is ever so far off; one that seems to be was set by a clock that was wrong."""

_CLAIM = """
    UPDATE watch SET next_check_at = {}
    WHERE id = {} AND (next_check_at <= {} OR next_check_at > {}) AND checking IS NULL RETURNING id
"""

log = logging.getLogger(__name__)


async def begin_due(now: datetime) -> None:
    """Starts the checks that are due, as anybody's: each watch has an allowance of its own, the domain its usual one.

    Of several workers one has each watch; where it is killed before the check is noted, another begins an hour later.
    """
    due = await Watch.objects().where(
        (Watch.next_check_at <= now) | (Watch.next_check_at > now + LATEST),
        Watch.checking.is_null(),
        Watch.ended.eq(False),  # noqa: FBT003 - a column's value
    )
    for watch in due:
        async with apart("watch", watch.id):
            if await rows(_CLAIM, now + AGAIN_AFTER, watch.id, now, now + LATEST):
                await _begin(watch)


async def learn_ended(now: datetime) -> None:
    """Takes in the checks that have ended, and notes what is to be told."""
    for watch in await Watch.objects().where(Watch.checking.is_not_null()):
        async with apart("watch", watch.id):
            check = await Assessment.objects().where(Assessment.id == watch.checking).first()
            if check is None or check.status in {Stage.DONE, Stage.FAILED}:
                await _learn(watch, check, now)


async def end_old(now: datetime) -> None:
    """Foretells the end of watches whose year is almost over, and ends those whose year is."""
    coming = await Watch.objects().where(Watch.ends_at <= now + FORETOLD, Watch.ended.eq(False))  # noqa: FBT003
    for watch in coming:
        async with apart("watch", watch.id):
            if watch.ends_at > now:
                await service.notice(watch.id, service.ENDING, watch.domain, watch.ends_at, "{}")
            else:
                await _end(watch, service.OVER_YEAR, watch.ends_at)


async def _begin(watch: Watch) -> None:
    earlier = await Assessment.objects().where(Assessment.id == watch.newest).first() if watch.newest else None
    asker = f"watch-{watch.id.hex}"
    try:
        check = await assessments.start(
            watch.domain,
            watch.language,
            asker,
            stated=True,
            previous=earlier,
            standing_token=watch.ports_token,
            asked=Asking(way=Way.WATCH),
        )
    except TooManyChecksError as error:
        log.info("watch waits", extra={"watch": str(watch.id), "limit": error.limit})
        return
    await Watch.update({Watch.checking: check.id}).where(Watch.id == watch.id)


async def _learn(watch: Watch, check: Assessment | None, now: datetime) -> None:
    before = knowledge.decode(watch.known)
    if check is not None and check.status == Stage.DONE:
        findings = [stored.finding for stored in await queries.findings_of(check)]
        after = knowledge.learned(before, findings, now)
        news: Iterable[News] = knowledge.worse(before, findings, check.created_at)
    else:
        after, news = before, ()
    if check is not None and check.failure == NO_DOMAIN:
        after, news = _gone(before, watch, check)
    async with transaction():
        values: dict[Any, Any] = {
            Watch.checking: None,
            Watch.known: knowledge.encode(after),
            Watch.next_check_at: knowledge.next_look(after, now),
        }
        if check is not None and check.status == Stage.DONE:
            values[Watch.newest] = check.id
        mine = (Watch.id == watch.id) & (Watch.checking == watch.checking)
        if not await Watch.update(values).where(mine).returning(Watch.id):
            return  # another worker was first, or it was ended meanwhile
        for each in (*news, *knowledge.reminders(after, now)):
            await service.notice(watch.id, each.kind, each.thing, each.moment, json.dumps(each.about))
        if check is not None and check.failure == OPTED_OUT:
            await _end(watch, "over-opted-out", check.created_at)


def _gone(before: Known, watch: Watch, check: Assessment) -> tuple[Known, Iterable[News]]:
    """That a domain does not exist any more is told once; nothing of it ends any more."""
    after = Known({}, before.states, gone=True)
    return after, () if before.gone else (News(GONE, watch.domain, check.created_at, {}),)


async def _end(watch: Watch, kind: str, moment: datetime) -> None:
    async with transaction():
        await Watch.update({Watch.ended: True}).where(Watch.id == watch.id)
        await service.notice(watch.id, kind, watch.domain, moment, "{}")
