"""`kyberkunto restore FILE`: puts a backup in the databases' place, while the portal is stopped."""

import argparse
from pathlib import Path

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError
from portal.errors import BackupError
from portal.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to restore."""
    parser.add_argument("file", type=Path, metavar="FILE", help="tar file made by kyberkunto backup")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when the databases are those of the backup, brought up to date."""
    chosen = settings_or_refuse()
    from portal.backups import restore  # noqa: PLC0415 - reads the settings, which may have to be refused first

    try:
        restore(chosen, args.file.absolute())
        run_or_refuse(_bring_up_to_date(chosen))
    except (BackupError, OSError) as error:
        raise UsageError("restore", str(error)) from error
    print("Restored.")  # noqa: T201 - a command talks on its streams
    return 0


async def _bring_up_to_date(chosen: Settings) -> None:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.audit import heads  # noqa: PLC0415 - the same
    from portal.migrating import migrate  # noqa: PLC0415 - the same

    await migrate(chosen)
    async with database.pool():
        await heads.note_restore()
