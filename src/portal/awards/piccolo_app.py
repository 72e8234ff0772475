"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.awards.tables import Comparison, Decision, FeedbackLetter, Publication, Standing
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="awards",
    migrations_folder_path=str(ROOT / "migrations" / "awards"),
    table_classes=[Comparison, Decision, FeedbackLetter, Publication, Standing],
    migration_dependencies=["portal.juries.piccolo_app", "portal.entries.piccolo_app", "portal.calls.piccolo_app"],
)
