"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T17:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of reports by their readers."

INDEXES = {
    "report_once": ("report (assessment, language)", "report (assessment, language, for_others)"),
    "sheet_report_once": ("sheet_report (sheet, language)", "sheet_report (sheet, language, for_others)"),
}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    async def make(which):
        for name, columns in INDEXES.items():
            await engine_finder().run_ddl(f"DROP INDEX {name}")
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {name} ON {columns[which]}")

    async def create():
        await make(1)

    async def drop():
        await make(0)

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
