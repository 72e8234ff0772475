"""`kyberkunto migrate`: brings both databases up to date."""

import argparse

from portal.commands.common import run_or_refuse, settings_or_refuse


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(_args: argparse.Namespace) -> int:
    """Returns 0 when the database is up to date."""
    chosen = settings_or_refuse()
    from portal.migrating import migrate  # noqa: PLC0415 - reads the settings, which may have to be refused first

    run_or_refuse(migrate(chosen))
    print("The database is up to date.")  # noqa: T201 - a command talks on its streams
    return 0
