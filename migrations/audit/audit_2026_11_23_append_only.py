"""Triggers: the database itself takes nothing but the next entry at the end, and changes and deletes none.

SQLite's INSERT OR REPLACE deletes without asking the trigger for DELETE; the one for INSERT refuses it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T19:23:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "The audit log is append-only."

REFUSED = "the audit log is append-only"
START = "0" * 64
NOT_NEXT = f"""
    NEW.seq <> coalesce((SELECT max(seq) FROM audit_entry), 0) + 1
    OR NEW.previous <> coalesce((SELECT hash FROM audit_entry ORDER BY seq DESC LIMIT 1), '{START}')
"""

SQLITE = (
    f"""
    CREATE TRIGGER audit_entry_insert BEFORE INSERT ON audit_entry WHEN {NOT_NEXT}
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    f"CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    f"CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
)
SQLITE_DROP = tuple(f"DROP TRIGGER audit_entry_{event}" for event in ("insert", "update", "delete"))

POSTGRES = (
    f"""
    CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSED}'; END $$
    """,
    f"""
    CREATE FUNCTION audit_entry_require_next() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {NOT_NEXT} THEN RAISE EXCEPTION '{REFUSED}'; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_insert BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_require_next()
    """,
    """
    CREATE TRIGGER audit_entry_change BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()
    """,
    """
    CREATE TRIGGER audit_entry_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()
    """,
)
POSTGRES_DROP = (
    *(f"DROP TRIGGER audit_entry_{event} ON audit_entry" for event in ("insert", "change", "truncate")),
    "DROP FUNCTION audit_entry_require_next()",
    "DROP FUNCTION audit_entry_refuse()",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="audit", description=DESCRIPTION)

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
