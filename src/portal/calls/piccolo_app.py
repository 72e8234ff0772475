"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.calls.tables import Call, CallCity, CallVersion
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="calls",
    migrations_folder_path=str(ROOT / "migrations" / "calls"),
    table_classes=[Call, CallCity, CallVersion],
    migration_dependencies=["portal.accounts.piccolo_app"],
)
