"""Indexes as SQL, for both databases."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T20:04:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "What is old is looked for every hour."

INDEXES = (
    "check_log_at ON check_log (at)",
    "assessment_created_at ON assessment (created_at)",
    "answer_sheet_updated_at ON answer_sheet (updated_at)",
    "sheet_domain_assessment ON sheet_domain (assessment)",
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
