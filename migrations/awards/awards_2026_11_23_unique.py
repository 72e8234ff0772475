"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:04:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "One ranking of a track and round; one decision and letter of an entry and round; a stage once."

INDEXES = (
    "standing_once ON standing (round, track)",
    "decision_once ON decision (round, entry)",
    "comparison_once ON comparison (round, juror, better, worse)",
    "publication_once ON publication (call, stage)",
    "feedback_letter_once ON feedback_letter (round, entry)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="awards", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
