"""Tells Piccolo about the tables and where their migrations are."""

from piccolo.conf.apps import AppConfig

from portal.accounts.tables import (
    Allowance,
    Authenticator,
    City,
    DomainProof,
    Invitation,
    Membership,
    Organisation,
    Passkey,
    PasskeyChallenge,
    Person,
    RecoveryCode,
    Role,
    Session,
    SignInLink,
)
from portal.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="accounts",
    migrations_folder_path=str(ROOT / "migrations" / "accounts"),
    table_classes=[
        Person,
        SignInLink,
        Session,
        Passkey,
        PasskeyChallenge,
        Authenticator,
        RecoveryCode,
        Organisation,
        Membership,
        City,
        Role,
        Invitation,
        DomainProof,
        Allowance,
    ],
    migration_dependencies=[],
)
