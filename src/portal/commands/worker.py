"""`kyberkunto worker`: a worker alone, for larger installations; the database must be up to date."""

import argparse

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError
from portal.errors import BackupError


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(_args: argparse.Namespace) -> int:
    """Works until SIGTERM or Ctrl-C."""
    settings_or_refuse()
    from portal import processes, slots  # noqa: PLC0415 - read the settings, which may have to be refused first
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    run_or_refuse(require_up_to_date())
    try:
        processes.worker()
    except slots.NoFreeSlotError as error:
        raise UsageError("too-many-workers", str(error)) from error
    except BackupError as error:
        raise UsageError("backup", str(error)) from error
    return 0
