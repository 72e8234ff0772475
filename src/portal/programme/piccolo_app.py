"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.programme.tables import Contribution, Participation, Pilot, Snapshot
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="programme",
    migrations_folder_path=str(ROOT / "migrations" / "programme"),
    table_classes=[Snapshot, Contribution, Pilot, Participation],
    migration_dependencies=["portal.assessments.piccolo_app", "portal.accounts.piccolo_app"],
)
