"""Tells Piccolo about the table and where its migrations are."""

from piccolo.conf.apps import AppConfig

from portal.audit.tables import AuditEntry
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="audit",
    migrations_folder_path=str(ROOT / "migrations" / "audit"),
    table_classes=[AuditEntry],
    migration_dependencies=[],
)
