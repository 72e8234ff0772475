"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T19:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "In a session a passkey has one thing to sign for each purpose, and a person's second factors are looked up."

UNIQUE = ("passkey_challenge_once ON passkey_challenge (session, purpose)",)
LOOKED_UP = ("passkey_person ON passkey (person)",)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def create():
        for index in UNIQUE:
            await engine_finder().run_ddl(f"CREATE UNIQUE INDEX {index}")
        for index in LOOKED_UP:
            await engine_finder().run_ddl(f"CREATE INDEX {index}")

    async def drop():
        for index in (*UNIQUE, *LOOKED_UP):
            await engine_finder().run_ddl(f"DROP INDEX {index.split()[0]}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
