"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.privacy.tables import Export, Feedback
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="privacy",
    migrations_folder_path=str(ROOT / "migrations" / "privacy"),
    table_classes=[Export, Feedback],
    migration_dependencies=["portal.accounts.piccolo_app"],
)
