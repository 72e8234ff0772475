"""Findings as they land, as server-sent events (WHATWG HTML, section 9.2), read from the database that all share.

A browser that lost the connection comes back with Last-Event-ID, the `seq` of the last finding it saw.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from litestar import Request
from litestar.response import ServerSentEvent, ServerSentEventMessage

from portal.assessments import queries
from portal.assessments.queries import StoredFinding
from portal.assessments.tables import Assessment, Stage

LOOK_EVERY_S = 0.25
ALIVE_EVERY_S = 10.0
LONGEST_S = 120.0
"""Then the stream ends and the browser asks anew: no connection is held for ever."""
COME_BACK_AFTER_MS = 1000

ENDED = (Stage.DONE.value, Stage.FAILED.value)


def last_event_id(request: Request[Any, Any, Any]) -> int:
    """Up to where the browser has seen everything; 0 at the first time, or for nonsense."""
    text = request.headers.get("last-event-id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no such number


def progress(
    request: Request[Any, Any, Any],
    assessment: Assessment,
    show_finding: Callable[[StoredFinding], str],
    show_end: Callable[[Assessment], str],
) -> ServerSentEvent:
    """A stream of `finding` events, each with its `seq` as id, and of one `end` event when the check has ended.

    A finding that comes again (after a worker was lost) has a new `seq`: it takes the place of the older one with
    the same check and subject.
    """
    stopping: Callable[[], bool] = request.app.state.stopping
    stream = _events(assessment, last_event_id(request), show_finding, show_end, stopping)
    return ServerSentEvent(stream, headers={"x-accel-buffering": "no"})


async def _events(
    assessment: Assessment,
    after: int,
    show_finding: Callable[[StoredFinding], str],
    show_end: Callable[[Assessment], str],
    stopping: Callable[[], bool],
) -> AsyncIterator[ServerSentEventMessage]:
    began = said = time.monotonic()
    yield ServerSentEventMessage(data=None, comment="ready", retry=COME_BACK_AFTER_MS)
    while not stopping() and time.monotonic() - began < LONGEST_S:
        # The stage is read before the findings: what is done then has all its findings in the next read.
        now = await queries.by_id(assessment.id)
        for stored in await queries.findings_of(assessment, after):
            after, said = stored.seq, time.monotonic()
            yield ServerSentEventMessage(data=show_finding(stored), event="finding", id=stored.seq)
        if now.status in ENDED:
            yield ServerSentEventMessage(data=show_end(now), event="end")
            return
        if time.monotonic() - said > ALIVE_EVERY_S:
            said = time.monotonic()
            yield ServerSentEventMessage(data=None, comment="alive")
        await asyncio.sleep(LOOK_EVERY_S)
