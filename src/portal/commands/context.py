"""`kyberkunto context IN OUT`: official figures out of Eurostat's download, for KYBERKUNTO_CONTEXT."""

import argparse
from datetime import date
from pathlib import Path

from portal.assessments.context import eurostat, figures
from portal.commands.usage import UsageError
from portal.errors import ContextError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to read, where to write, and when it was downloaded."""
    help_in = "Eurostat's download of isoc_cisce_ra: TSV or SDMX-CSV, packed by gzip or not"
    parser.add_argument("source", type=Path, metavar="IN", help=help_in)
    parser.add_argument("target", type=Path, metavar="OUT", help="file of figures to write; an older one is replaced")
    parser.add_argument("--fetched", type=_day, metavar="YYYY-MM-DD", help="day of the download (default: today)")


def run(args: argparse.Namespace) -> int:
    """Returns 0 when the file is written.

    Raises:
        UsageError: `context-not-readable`, `context-not-writable`.
    """
    try:
        found = eurostat.read(args.source, args.fetched or date.today())  # noqa: DTZ011 - a day, where the operator is
    except ContextError as error:
        raise UsageError("context-not-readable", str(error)) from error
    try:
        figures.write(args.target.absolute(), found)
    except OSError as error:
        raise UsageError("context-not-writable", f"{args.target}: {error.strerror or error}") from error
    years = sorted({figure.year for figure in found})
    span = f"{years[0]}–{years[-1]}" if years[1:] else str(years[0])
    print(f"{len(found)} figures ({span}) written to {args.target}. Name it in KYBERKUNTO_CONTEXT.")  # noqa: T201 - a command talks
    return 0


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a day, such as 2026-11-23") from error
    if found > date.today():  # noqa: DTZ011 - the same
        raise argparse.ArgumentTypeError("lies in the future")
    return found
