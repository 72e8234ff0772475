"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.settings import ROOT
from portal.watching.tables import Notice, Watch, Watcher

APP_CONFIG = AppConfig(
    app_name="watching",
    migrations_folder_path=str(ROOT / "migrations" / "watching"),
    table_classes=[Notice, Watch, Watcher],
    migration_dependencies=["portal.assessments.piccolo_app"],
)
