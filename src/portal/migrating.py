"""Brings both databases up to date: ours by Piccolo's migrations, the jobs' by DBOS. One process at a time."""

import asyncio
import contextlib
import fcntl
import io
import logging
import sqlite3
from collections.abc import AsyncIterator

import asyncpg  # type: ignore[import-untyped]
from dbos import DBOS
from piccolo.apps.migrations.commands.check import CheckMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards

from portal import database, jobs
from portal.errors import MigrationError
from portal.settings import Settings

_LOCK = 7_205_759_403_792
"""Any number, the same for all: the advisory lock of PostgreSQL that migrations hold."""

log = logging.getLogger(__name__)


async def migrate(chosen: Settings) -> None:
    """Applies what is missing; a second one waits for the first.

    Raises:
        MigrationError: the database cannot be reached, or a migration failed; the message is for the operator.
    """
    try:
        async with _alone(chosen), database.pool():
            await _migrate_ours()
            await asyncio.to_thread(_migrate_jobs, chosen)
    except (OSError, asyncpg.PostgresError, sqlite3.Error) as error:
        raise MigrationError(f"the database cannot be brought up to date: {error}") from error


async def require_up_to_date() -> None:
    """Nothing where every migration was applied.

    Raises:
        MigrationError: one was not, or the database cannot be reached.
    """
    try:
        async with database.pool():
            statuses = await CheckMigrationManager(app_name="all").get_migration_statuses()
    except (OSError, asyncpg.PostgresError, sqlite3.Error) as error:
        raise MigrationError(f"the database cannot be used: {error}") from error
    if not all(status.has_ran for status in statuses):
        raise MigrationError("the database is not up to date: run `kyberkunto migrate` first")


async def _migrate_ours() -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = await run_forwards("all")
    if not result.success:
        raise MigrationError(result.message or said.getvalue())


def _migrate_jobs(chosen: Settings) -> None:
    DBOS.migrate(jobs.database_url(chosen))
    if not chosen.database_url:
        with contextlib.closing(sqlite3.connect(chosen.jobs_file)) as file:
            file.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other


@contextlib.asynccontextmanager
async def _alone(chosen: Settings) -> AsyncIterator[None]:
    """Holds a lock that lets one process migrate at a time; a killed one lets it go."""
    if not chosen.database_url:
        with (chosen.var / "migrate.lock").open("w") as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            yield
        return
    connection = await asyncpg.connect(chosen.database_url)
    try:
        await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
        yield
    finally:
        await connection.close()
