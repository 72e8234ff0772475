"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.juries.tables import Conflict, Juror, Reading, Round, RoundEntry, Score
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="juries",
    migrations_folder_path=str(ROOT / "migrations" / "juries"),
    table_classes=[Conflict, Juror, Reading, Round, RoundEntry, Score],
    migration_dependencies=[
        "portal.events.piccolo_app",
        "portal.entries.piccolo_app",
        "portal.calls.piccolo_app",
        "portal.accounts.piccolo_app",
    ],
)
