from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-23T16:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Watches that look at the ports."


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="watching", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="Watch",
        tablename="watch",
        column_name="ports_token",
        db_column_name="ports_token",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 64,
            "default": "",
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
