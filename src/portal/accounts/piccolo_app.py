"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.accounts.tables import Allowance, DomainProof, Session
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="accounts",
    migrations_folder_path=str(ROOT / "migrations" / "accounts"),
    table_classes=[Allowance, DomainProof, Session],
    migration_dependencies=[],
)
