"""Triggers: a version of a call that was published never changes. It goes only with its call."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:00:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "A published version never changes."

REFUSED = "a published version never changes"

SQLITE = (
    f"""
    CREATE TRIGGER call_version_update BEFORE UPDATE ON call_version WHEN OLD.published_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
)
SQLITE_DROP = ("DROP TRIGGER call_version_update",)
POSTGRES = (
    f"""
    CREATE FUNCTION call_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSED}'; END $$
    """,
    """
    CREATE TRIGGER call_version_update BEFORE UPDATE ON call_version
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION call_version_refuse()
    """,
)
POSTGRES_DROP = ("DROP TRIGGER call_version_update ON call_version", "DROP FUNCTION call_version_refuse()")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="calls", description=DESCRIPTION)

    async def create():
        engine = engine_finder()
        for statement in SQLITE if engine.engine_type == "sqlite" else POSTGRES:
            await engine.run_ddl(statement)

    async def drop():
        engine = engine_finder()
        for statement in SQLITE_DROP if engine.engine_type == "sqlite" else POSTGRES_DROP:
            await engine.run_ddl(statement)

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
