"""Tells Piccolo about the table and where its migrations are."""

from piccolo.conf.apps import AppConfig

from portal.mail.tables import Letter
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="mail",
    migrations_folder_path=str(ROOT / "migrations" / "mail"),
    table_classes=[Letter],
    migration_dependencies=[],
)
