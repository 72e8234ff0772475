"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:03:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "A round of a kind once; jurors, their numbers, conflicts, readings and scores once."

INDEXES = (
    "round_once ON round (call, kind)",
    "juror_once ON juror (call, person)",
    "juror_number ON juror (call, number)",
    "conflict_once ON conflict (juror, organisation, kind)",
    "reading_once ON reading (round, juror, entry)",
    "score_once ON score (reading)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="juries", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
