"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:01:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "One entry of an organisation, call and track; numbers, submissions, receipts and files once."

INDEXES = (
    "entry_once ON entry (call, organisation, track)",
    "entry_number ON entry (call, number)",
    "submission_number ON submission (entry, number)",
    "submission_receipt ON submission (receipt)",
    "submission_key ON submission (entry, key)",
    "upload_once ON upload (entry, field, digest)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="entries", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
