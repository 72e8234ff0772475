"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.assessments.solutions.tables import Solution
from portal.assessments.tables import (
    AnswerSheet,
    Assessment,
    CheckLog,
    Dispute,
    DoneFix,
    FindingRow,
    Reply,
    Report,
    SheetDomain,
    SheetReport,
    Worker,
)
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="assessments",
    migrations_folder_path=str(ROOT / "migrations" / "assessments"),
    table_classes=[
        AnswerSheet,
        Assessment,
        CheckLog,
        Dispute,
        DoneFix,
        FindingRow,
        Reply,
        Report,
        SheetDomain,
        SheetReport,
        Solution,
        Worker,
    ],
    migration_dependencies=["portal.accounts.piccolo_app"],
)
