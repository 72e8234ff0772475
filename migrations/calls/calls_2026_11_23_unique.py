"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Each address once; a city once in a call; one lead; each version once, one of them unpublished."

INDEXES = (
    "call_slug ON call (slug)",
    "call_city_once ON call_city (call, city)",
    "call_city_lead ON call_city (call) WHERE leads",
    "call_version_number ON call_version (call, number)",
    "call_version_open ON call_version (call) WHERE published_at IS NULL",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="calls", description=DESCRIPTION)

    async def create():
        for index in INDEXES:
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {index}")

    async def drop():
        for index in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
