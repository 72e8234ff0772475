"""Unique indexes as SQL: SQLite cannot take Piccolo's own constraints, even on a new table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T19:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique indexes of people, roles, organisations and cities, and what is looked up by every request."

UNIQUE = (
    "person_once ON person (address_hash)",
    "person_pseudonym ON person (pseudonym)",
    "sign_in_link_token ON sign_in_link (token_hash)",
    "passkey_credential ON passkey (credential)",
    "authenticator_once ON authenticator (person)",
    "recovery_code_once ON recovery_code (person, code_hash)",
    "membership_once ON membership (person, organisation)",
    "city_slug ON city (slug)",
    "role_once ON role (person, kind, COALESCE(CAST(city AS VARCHAR), ''))",
    "invitation_once ON invitation (address_hash, role, COALESCE(CAST(organisation AS VARCHAR), CAST(city AS VARCHAR), ''))",
)
LOOKED_UP = (
    "session_person ON session (person)",
    "membership_organisation ON membership (organisation)",
    "invitation_address ON invitation (address_hash)",
)


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
