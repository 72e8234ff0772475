"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:30:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "What was judged is awarded once."

INDEXES = (
    "solution_entry ON solution (entry)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
