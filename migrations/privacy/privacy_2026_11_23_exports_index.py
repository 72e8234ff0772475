"""Indexes as SQL, for both databases."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T20:04:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "A person has few exports."

INDEXES = (
    "export_person ON export (person)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="privacy", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
