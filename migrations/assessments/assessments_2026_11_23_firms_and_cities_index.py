"""Indexes as SQL, for both databases."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T19:22:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "What a firm has, and what counts in a city, are looked up."

INDEXES = (
    "answer_sheet_firm ON answer_sheet (firm)",
    "answer_sheet_city ON answer_sheet (city)",
    "assessment_firm ON assessment (firm)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
