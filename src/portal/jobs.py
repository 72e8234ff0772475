"""The queue of background work: the web's side of it. The work itself is done in `portal.worker`.

Our row comes first and its id is the id of its job (a letter that was put off has further ones); where queueing fails,
the worker's sweep finds the row.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Collection
from functools import cache
from uuid import UUID

from dbos import DBOSClient, EnqueueOptions

from portal import settings
from portal.settings import Settings

APPLICATION = "kyberkunto"
VERSION = "1"
"""Changes only when jobs begun by the code before cannot be ended by the code after."""

CHECK = "check"
REPORT = "report"
SHEET_REPORT = "sheet-report"
LETTER = "letter"
EXPORT = "export"
"""Queues, and the names of the workflows that they run."""

log = logging.getLogger(__name__)


def database_url(chosen: Settings) -> str:
    """Where the jobs are kept: a SQLite file of their own, or a schema of their own in PostgreSQL."""
    return chosen.database_url or f"sqlite:///{chosen.jobs_file}"


async def enqueue(queue: str, row_id: UUID, job_id: str = "") -> None:
    """Queues the job of that row; where that job already is, nothing changes. Never raises for the queue.

    `job_id`: where the row has had jobs before; otherwise the row's own id.
    First come, first served: a queue divided by domain is served in the order of their names.
    """
    options: EnqueueOptions = {
        "workflow_name": queue,
        "queue_name": queue,
        "workflow_id": job_id or str(row_id),
        "app_version": VERSION,
    }
    try:
        await asyncio.to_thread(client().enqueue, options, str(row_id))
    except Exception:
        # The row is kept, and the sweep queues it within seconds: the asker loses nothing.
        log.exception("could not queue a job", extra={"queue": queue, "row": str(row_id)})


async def forget(row_ids: Collection[UUID]) -> None:
    """Removes the jobs of rows that are gone. Never raises for the queue: what is left are random ids, for a week."""
    try:
        await asyncio.to_thread(_delete, [str(row_id) for row_id in row_ids], settings.current())
    except Exception:
        log.exception("could not forget jobs", extra={"jobs": len(row_ids)})


def _delete(job_ids: list[str], chosen: Settings) -> None:
    """SQLite's write-ahead log is emptied, too: it still holds the pages as they were."""
    client().delete_workflows(job_ids)
    if not chosen.database_url:
        with contextlib.closing(sqlite3.connect(chosen.jobs_file)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@cache
def client() -> DBOSClient:
    """The web's connection to the queue, made once; it connects when it is first used."""
    return DBOSClient(
        system_database_url=database_url(settings.current()),
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


def disconnect() -> None:
    """Closes the web's connection to the queue, where there is one."""
    if client.cache_info().currsize:
        client().destroy()
        client.cache_clear()
