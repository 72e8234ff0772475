"""What somebody does to the audit log who owns the database: the triggers go, and come back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portal import database
from portal.audit import heads
from portal.database import is_sqlite, rows


@asynccontextmanager
async def without_triggers() -> AsyncIterator[None]:
    """In the block nothing holds the log append-only."""
    if not is_sqlite():
        await rows("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        yield
        await rows("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        return
    triggers = await rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
    for trigger in triggers:
        await rows(f"DROP TRIGGER {trigger['name']}")
    yield
    for trigger in triggers:
        await database.engine().run_ddl(trigger["sql"])


async def empty_log() -> None:
    """As on the first day, for the next test."""
    heads.file().unlink(missing_ok=True)
    if await rows("SELECT seq FROM audit_entry LIMIT 1"):
        async with without_triggers():
            await rows("DELETE FROM audit_entry")
