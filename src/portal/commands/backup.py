"""`kyberkunto backup FILE`: a consistent copy of both databases, made while the portal runs."""

import argparse
from pathlib import Path

from portal.commands.common import settings_or_refuse
from portal.commands.usage import UsageError
from portal.errors import BackupError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write."""
    parser.add_argument("file", type=Path, metavar="FILE", help="tar file to write; an older one is replaced")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when the file is written and on the disk."""
    chosen = settings_or_refuse()
    from portal.backups import back_up  # noqa: PLC0415 - reads the settings, which may have to be refused first

    try:
        back_up(chosen, args.file.absolute())
    except BackupError as error:
        raise UsageError("backup", str(error)) from error
    print(f"Written to {args.file}. The secret in KYBERKUNTO_VAR is not in it.")  # noqa: T201 - a command talks
    return 0
