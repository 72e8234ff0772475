"""A worker: takes jobs from the queues (DBOS), and looks after what lost workers left behind.

DBOS begins a job again after its process was killed, for as long as `executor_id` and `VERSION` stay the same. A
worker that never comes back is noticed by its missing heartbeat, and another takes its jobs over.
"""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from dbos import DBOS

from portal import database, jobs, rounds, settings
from portal.assessments import recording, running
from portal.assessments.report.input import ReportInput
from portal.assessments.report.press import print_apart
from portal.assessments.report.writing import render_html
from portal.audit import heads
from portal.events import round as events
from portal.exports.tickets import Ticket, Whose
from portal.mail import delivery
from portal.privacy import exporting, retention
from portal.programme import snapshots
from portal.settings import Settings
from portal.watching import round as watches

MAX_BEGINNINGS = 25
"""A job that was begun this often and never ended is what kills the worker; it is given up."""
LOOK_FOR_CHECKS_S = 0.4
LOOK_FOR_REPORTS_S = 1.0
LOOK_FOR_LETTERS_S = 2.0
"""Each look costs milliseconds of processor, also where there is nothing to do; who waits at a page is seen first."""
REPORTS_AT_ONCE = 1
LETTERS_AT_ONCE = 4

log = logging.getLogger(__name__)


@DBOS.workflow(name=jobs.CHECK, max_recovery_attempts=MAX_BEGINNINGS)
async def check(row_id: str) -> None:
    """One check; what it writes is safe to be written again."""
    try:
        await check_step(row_id)
    except Exception:
        log.exception("a check failed", extra={"assessment": row_id})
        await recording.abandon(UUID(row_id), "our-error")


@DBOS.step(name="run-check", retries_allowed=True, max_attempts=3, interval_seconds=1.0)
async def check_step(row_id: str) -> None:
    """Tried again for faults of ours, such as a database that is away for a moment."""
    await running.run_check(UUID(row_id))


@DBOS.workflow(name=jobs.REPORT, max_recovery_attempts=MAX_BEGINNINGS)
async def report(row_id: str) -> None:
    """One PDF."""
    try:
        await report_step(row_id)
    except Exception:
        log.exception("a report failed", extra={"report": row_id})
        await running.abandon_report(UUID(row_id))


@DBOS.step(name="render-report", retries_allowed=True, max_attempts=2, interval_seconds=1.0)
async def report_step(row_id: str) -> None:
    """The words are put together in a thread, and printed in a process of their own."""
    await running.run_report(UUID(row_id), _render, partial(_calendar, Whose.CHECK))


@DBOS.workflow(name=jobs.SHEET_REPORT, max_recovery_attempts=MAX_BEGINNINGS)
async def sheet_report(row_id: str) -> None:
    """One PDF of an answer sheet."""
    try:
        await sheet_report_step(row_id)
    except Exception:
        log.exception("a report failed", extra={"report": row_id})
        await running.abandon_sheet_report(UUID(row_id))


@DBOS.step(name="render-sheet-report", retries_allowed=True, max_attempts=2, interval_seconds=1.0)
async def sheet_report_step(row_id: str) -> None:
    """As for the report of a check."""
    await running.run_sheet_report(UUID(row_id), _render, partial(_calendar, Whose.SHEET))


@DBOS.workflow(name=jobs.EXPORT, max_recovery_attempts=MAX_BEGINNINGS)
async def export(row_id: str) -> None:
    """Everything of one person, as a file."""
    try:
        await export_step(row_id)
    except Exception:
        log.exception("an export failed", extra={"export": row_id})
        await exporting.abandon(UUID(row_id))


@DBOS.step(name="make-export", retries_allowed=True, max_attempts=2, interval_seconds=1.0)
async def export_step(row_id: str) -> None:
    """Begun again it is made anew."""
    await exporting.run(UUID(row_id), _render)


def _calendar(whose: Whose, language: str, row_id: UUID) -> str:
    """Where a calendar fetches the dates; empty where the operator named no address of ours."""
    base = settings.current().public_url
    return f"{base}/{language}/calendar/{Ticket(whose, row_id).text()}.ics" if base else ""


def _render(content: ReportInput) -> bytes:
    return print_apart(render_html(content))


@DBOS.workflow(name=jobs.LETTER, max_recovery_attempts=MAX_BEGINNINGS)
async def letter(row_id: str) -> None:
    """One try to send one letter; one that stays behind is found by the sweep."""
    await letter_step(row_id)


@DBOS.step(name="send-letter")
async def letter_step(row_id: str) -> None:
    """Not tried again at once: it may have handed the letter over.

    Whatever an error says may hold the address, so that the log is told its place only, and the queue nothing.
    """
    try:
        await delivery.deliver(UUID(row_id))
    except Exception as error:  # noqa: BLE001 - whatever it is
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("a letter failed", extra={"letter": row_id, "error": type(error).__name__, "place": place})  # noqa: TRY400


async def work(chosen: Settings, executor: str, stop: asyncio.Event) -> None:
    """Works until `stop` is set. What is running then is begun again at the next start, or by another worker."""
    async with database.pool():
        await rounds.beat(executor)
        DBOS(
            config={
                "name": jobs.APPLICATION,
                "system_database_url": jobs.database_url(chosen),
                "executor_id": executor,
                "application_version": jobs.VERSION,
                "log_level": "WARNING",
                "enable_otlp": False,
            }
        )
        DBOS.launch()
        await _open_queues(chosen)
        log.info("worker ready", extra={"executor": executor})
        tasks = [asyncio.create_task(_repeat(every, job)) for every, job in _rounds(executor)]
        await stop.wait()
        for task in tasks:
            task.cancel()


async def _open_queues(chosen: Settings) -> None:
    """First come, first served, each up to its number at a time."""
    await DBOS.register_queue_async(
        jobs.CHECK,
        worker_concurrency=chosen.concurrent_checks,
        polling_interval_sec=LOOK_FOR_CHECKS_S,
        on_conflict="always_update",
    )
    await DBOS.register_queue_async(
        jobs.REPORT,
        worker_concurrency=REPORTS_AT_ONCE,
        polling_interval_sec=LOOK_FOR_REPORTS_S,
        on_conflict="always_update",
    )
    await DBOS.register_queue_async(
        jobs.SHEET_REPORT,
        worker_concurrency=REPORTS_AT_ONCE,
        polling_interval_sec=LOOK_FOR_REPORTS_S,
        on_conflict="always_update",
    )
    await DBOS.register_queue_async(
        jobs.EXPORT,
        worker_concurrency=REPORTS_AT_ONCE,
        polling_interval_sec=LOOK_FOR_REPORTS_S,
        on_conflict="always_update",
    )
    await DBOS.register_queue_async(
        jobs.LETTER,
        worker_concurrency=LETTERS_AT_ONCE,
        polling_interval_sec=LOOK_FOR_LETTERS_S,
        on_conflict="always_update",
    )


def _rounds(executor: str) -> tuple[tuple[timedelta, Callable[[], Awaitable[None]]], ...]:
    return (
        (rounds.BEAT_EVERY, lambda: rounds.beat(executor)),
        (rounds.SWEEP_EVERY, rounds.sweep),
        (rounds.TAKE_OVER_EVERY, lambda: rounds.take_over(executor)),
        (rounds.TIDY_EVERY, rounds.tidy),
        (retention.EVERY, retention.go),
        (watches.EVERY, watches.go),
        (events.EVERY, events.go),
        (heads.EVERY, heads.keep),
        (snapshots.EVERY, snapshots.go),
    )


async def _repeat(every: timedelta, job: Callable[[], Awaitable[None]]) -> None:
    """Goes on whatever happens: a database that is away for a while must not end the rounds."""
    while True:
        try:
            await job()
        except Exception:
            log.exception("a round failed")
        await asyncio.sleep(every.total_seconds())
