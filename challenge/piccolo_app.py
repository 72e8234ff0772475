"""Tells Piccolo about the tables and where their migrations are."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from challenge.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="challenge",
    migrations_folder_path=str(Path(__file__).resolve().parents[1] / "migrations" / "challenge"),
    table_classes=list(TABLES),
    migration_dependencies=[],
)
