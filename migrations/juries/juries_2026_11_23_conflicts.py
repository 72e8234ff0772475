"""Triggers: whoever is too close to a startup neither reads nor scores its entries, whatever a page might let them do.

Who advised it or belongs to it is so from that moment, declared or not. Of a score its marks are watched, so that whoever
deletes their account can still have their notes erased.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A conflict keeps a juror from reading and scoring."

REFUSED = "this juror is too close to that entry"


def _conflicted(juror: str, entry: str) -> str:
    return f"""EXISTS (
        SELECT 1 FROM entry JOIN juror ON juror.id = {juror} WHERE entry.id = {entry} AND (
            EXISTS (
                SELECT 1 FROM conflict WHERE conflict.holds AND conflict.juror = juror.id
                AND conflict.organisation = entry.organisation
            ) OR EXISTS (
                SELECT 1 FROM mentorship WHERE mentorship.call = entry.call AND mentorship.person = juror.person
                AND mentorship.organisation = entry.organisation
            ) OR EXISTS (
                SELECT 1 FROM membership WHERE membership.person = juror.person
                AND membership.organisation = entry.organisation
            )
        )
    )"""


READING = f"NEW.state IN ('open', 'done') AND {_conflicted('NEW.juror', 'NEW.entry')}"
SCORE = f"""EXISTS (
    SELECT 1 FROM reading WHERE reading.id = NEW.reading AND {_conflicted("reading.juror", "reading.entry")}
)"""
WATCHED = (("reading", READING, "state, juror, entry"), ("score", SCORE, "marks, total, reading"))
EVENTS = ("INSERT", "UPDATE")

SQLITE = tuple(
    f"""
    CREATE TRIGGER {table}_conflict_{event.lower()} BEFORE {event}{f" OF {columns}" if event == "UPDATE" else ""} ON {table}
    WHEN {rule} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """
    for table, rule, columns in WATCHED
    for event in EVENTS
)
SQLITE_DROP = tuple(f"DROP TRIGGER {table}_conflict_{event.lower()}" for table, _, _ in WATCHED for event in EVENTS)
POSTGRES = tuple(
    statement
    for table, rule, columns in WATCHED
    for statement in (
        f"""
        CREATE FUNCTION {table}_refuse_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {rule} THEN RAISE EXCEPTION '{REFUSED}'; END IF;
            RETURN NEW;
        END $$
        """,
        f"""
        CREATE TRIGGER {table}_conflict BEFORE INSERT OR UPDATE OF {columns} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse_conflict()
        """,
    )
)
POSTGRES_DROP = tuple(
    statement
    for table, _, _ in WATCHED
    for statement in (f"DROP TRIGGER {table}_conflict ON {table}", f"DROP FUNCTION {table}_refuse_conflict()")
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="juries", description=DESCRIPTION)

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
