"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.entries.tables import Entry, Submission, Upload
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="entries",
    migrations_folder_path=str(ROOT / "migrations" / "entries"),
    table_classes=[Entry, Submission, Upload],
    migration_dependencies=["portal.calls.piccolo_app", "portal.accounts.piccolo_app"],
)
