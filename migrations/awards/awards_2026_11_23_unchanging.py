"""Triggers: a standing and a publication never change, nor what a juror marked once the round is locked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:04:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "Standings, publications and locked scores never change."

LOCKED = """EXISTS (
    SELECT 1 FROM reading JOIN round ON round.id = reading.round
    WHERE reading.id = NEW.reading AND round.locked_at IS NOT NULL
)"""
COMPARED = "EXISTS (SELECT 1 FROM round WHERE round.id = NEW.round AND round.locked_at IS NOT NULL)"
NO_MORE = "the round is locked"
# what a juror wrote can still be erased with their account; what they marked cannot be changed
MARKED_SQLITE = "(NEW.total IS NOT OLD.total OR NEW.marks IS NOT OLD.marks OR NEW.submission IS NOT OLD.submission)"
MARKED_POSTGRES = (
    "(NEW.total IS DISTINCT FROM OLD.total OR NEW.marks::text IS DISTINCT FROM OLD.marks::text"
    " OR NEW.submission IS DISTINCT FROM OLD.submission)"
)
RULES = (
    ("standing_update", "UPDATE", "standing", "1 = 1", "1 = 1", "a standing never changes"),
    ("publication_update", "UPDATE", "publication", "1 = 1", "1 = 1", "a publication never changes"),
    ("score_locked_insert", "INSERT", "score", LOCKED, LOCKED, NO_MORE),
    ("score_locked_update", "UPDATE", "score", f"{MARKED_SQLITE} AND {LOCKED}", f"{MARKED_POSTGRES} AND {LOCKED}", NO_MORE),
    ("comparison_locked", "INSERT", "comparison", COMPARED, COMPARED, NO_MORE),
)

SQLITE = tuple(
    f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {rule} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    for name, event, table, rule, _, words in RULES
)
SQLITE_DROP = tuple(f"DROP TRIGGER {name}" for name, *_ in RULES)
POSTGRES = tuple(
    statement
    for name, event, table, _, rule, words in RULES
    for statement in (
        f"""
        CREATE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {rule} THEN RAISE EXCEPTION '{words}'; END IF;
            RETURN NEW;
        END $$
        """,
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_refuse()",
    )
)
POSTGRES_DROP = tuple(
    statement
    for name, _, table, *_ in RULES
    for statement in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}_refuse()")
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="awards", description=DESCRIPTION)

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
