"""Triggers anew: who advised a startup or belongs to it is too close to it from that moment, declared or not."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T23:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Mentors and members neither read nor score what their startups entered."

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
WATCHED = (("reading", READING), ("score", SCORE))
EVENTS = ("INSERT", "UPDATE")

SQLITE_DROP = tuple(f"DROP TRIGGER {table}_conflict_{event.lower()}" for table, _ in WATCHED for event in EVENTS)
SQLITE = tuple(
    f"""
    CREATE TRIGGER {table}_conflict_{event.lower()} BEFORE {event} ON {table} WHEN {rule}
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """
    for table, rule in WATCHED
    for event in EVENTS
)
POSTGRES = tuple(
    f"""
    CREATE OR REPLACE FUNCTION {table}_refuse_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {rule} THEN RAISE EXCEPTION '{REFUSED}'; END IF;
        RETURN NEW;
    END $$
    """
    for table, rule in WATCHED
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="juries", description=DESCRIPTION)

    async def create():
        engine = engine_finder()
        for statement in (*SQLITE_DROP, *SQLITE) if engine.engine_type == "sqlite" else POSTGRES:
            await engine.run_ddl(statement)

    manager.add_raw(create)
    return manager
