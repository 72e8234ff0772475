"""An index as SQL, in a migration of its own: one that both adds a column and runs SQL does the SQL first."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T13:58:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "What came of a check is found quickly."


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    async def create():
        await engine_finder().run_ddl("CREATE INDEX assessment_previous ON assessment (previous)")

    async def drop():
        await engine_finder().run_ddl("DROP INDEX assessment_previous")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
