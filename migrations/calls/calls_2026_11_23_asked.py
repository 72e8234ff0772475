"""Whether a city was asked to make a call and has not said yes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Boolean
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-23T23:00:03:000000"
VERSION = "1.38.0"
DESCRIPTION = "Cities that were asked."


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="calls", description=DESCRIPTION)

    manager.add_column(
        table_class_name="CallCity",
        tablename="call_city",
        column_name="is_asked",
        db_column_name="is_asked",
        column_class_name="Boolean",
        column_class=Boolean,
        params={
            "default": False,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    return manager
