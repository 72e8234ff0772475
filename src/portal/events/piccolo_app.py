"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.events.tables import Event, Mentorship, Registration, Slot
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="events",
    migrations_folder_path=str(ROOT / "migrations" / "events"),
    table_classes=[Event, Mentorship, Registration, Slot],
    migration_dependencies=["portal.calls.piccolo_app", "portal.accounts.piccolo_app"],
)
