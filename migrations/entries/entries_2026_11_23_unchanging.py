"""Triggers: a submission never changes. It goes only with its entry."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:01:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "A submission never changes."

REFUSED = "a submission never changes"

SQLITE = (
    f"CREATE TRIGGER submission_update BEFORE UPDATE ON submission BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
)
SQLITE_DROP = ("DROP TRIGGER submission_update",)
POSTGRES = (
    f"""
    CREATE FUNCTION submission_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSED}'; END $$
    """,
    """
    CREATE TRIGGER submission_update BEFORE UPDATE ON submission
    FOR EACH ROW EXECUTE FUNCTION submission_refuse()
    """,
)
POSTGRES_DROP = ("DROP TRIGGER submission_update ON submission", "DROP FUNCTION submission_refuse()")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="entries", description=DESCRIPTION)

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
