"""An entry once in a round; and totals in double precision, as SQLite has them anyway."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:30:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "An entry once in a round; totals as exact as they were reckoned."


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="juries", description=DESCRIPTION)

    async def create():
        engine = engine_finder()
        await engine.run_ddl("CREATE UNIQUE INDEX round_entry_once ON round_entry (round, entry)")
        if engine.engine_type != "sqlite":
            await engine.run_ddl("ALTER TABLE score ALTER COLUMN total TYPE double precision")

    async def drop():
        engine = engine_finder()
        await engine.run_ddl("DROP INDEX round_entry_once")
        if engine.engine_type != "sqlite":
            await engine.run_ddl("ALTER TABLE score ALTER COLUMN total TYPE real")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
