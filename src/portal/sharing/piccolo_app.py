"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.settings import ROOT
from portal.sharing.tables import Badge, ShareLink

APP_CONFIG = AppConfig(
    app_name="sharing",
    migrations_folder_path=str(ROOT / "migrations" / "sharing"),
    table_classes=[Badge, ShareLink],
    migration_dependencies=["portal.assessments.piccolo_app"],
)
