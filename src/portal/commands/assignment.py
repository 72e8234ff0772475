"""`kyberkunto assignment ENTRIES.csv JURORS.csv`: which juror reads which entry."""

import argparse
import json
import sys
from collections.abc import Iterator

import msgspec

from challenge.assignment.assigning import HOME_CITY_LIMIT, READS, assign
from challenge.assignment.people import Assignment, Entry, Juror, Pair
from challenge.assignment.reading import read_conflicts, read_entries, read_jurors
from challenge.errors import PersonError, TooFewReadsError, UnconnectedPanelError, UnreadableEntriesError
from portal.commands.table_input import read_with, refuse_two_inputs, whole_from
from portal.commands.table_text import table
from portal.commands.usage import UsageError, one_line, report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who there is, and the rules."""
    help_of_entries = "entry,city,organisation; one of the files can be - for standard input"
    parser.add_argument("entries", metavar="ENTRIES.csv", help=help_of_entries)
    help_of_jurors = "juror,city,organisation,max_reads (may be empty)"
    parser.add_argument("jurors", metavar="JURORS.csv", help=help_of_jurors)
    parser.add_argument("--reads", metavar="K", type=whole_from(1), default=READS, help="jurors for each entry (3)")
    help_of_conflicts = "entry,juror: who must not read what; the same organisation is a conflict anyway"
    parser.add_argument("--conflicts", metavar="CONFLICTS.csv", help=help_of_conflicts)
    help_of_limit = "jurors of its own city for each entry, at most (1)"
    parser.add_argument(
        "--home-city-limit", metavar="N", type=whole_from(0), default=HOME_CITY_LIMIT, help=help_of_limit
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")


def run(args: argparse.Namespace) -> int:
    """Returns 0 where there is an assignment, and 1 where our own program failed.

    Raises:
        UsageError: `file-not-readable`, `unusable-table`, `unusable-row`; `unreadable-entries`, `too-few-reads` or
            `unconnected-panel` where there is no such assignment; `usage` where two of the files are standard input.
    """
    refuse_two_inputs(args.entries, args.jurors, args.conflicts or "")
    entries, jurors = read_with(read_entries, args.entries), read_with(read_jurors, args.jurors)
    conflicts: list[Pair] = []
    if args.conflicts is not None:
        conflicts = read_with(lambda raw: read_conflicts(raw, entries, jurors), args.conflicts)
    try:
        found = _assigned(entries, jurors, conflicts, args)
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - nobody who assigns entries should ever meet a traceback
        report("our-error", f"our own program failed ({type(error).__name__}: {error})", as_json=args.json)
        return 1
    if args.json:
        sys.stdout.write(f"{json.dumps(msgspec.to_builtins(found), indent=2)}\n")  # ASCII fits every terminal
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(found)))
    return 0


def _assigned(entries: list[Entry], jurors: list[Juror], conflicts: list[Pair], args: argparse.Namespace) -> Assignment:
    try:
        return assign(entries, jurors, args.reads, conflicts, args.home_city_limit)
    except PersonError as error:
        raise UsageError("unusable-table", str(error)) from error
    except UnreadableEntriesError as error:
        raise UsageError("unreadable-entries", str(error)) from error
    except TooFewReadsError as error:
        raise UsageError("too-few-reads", str(error)) from error
    except UnconnectedPanelError as error:
        raise UsageError("unconnected-panel", str(error)) from error


def _lines(found: Assignment) -> Iterator[str]:
    """For whoever runs the jury: the panel of each entry, then how much each juror reads."""
    panels: dict[str, list[str]] = {}
    for pair in found.assignments:
        panels.setdefault(pair.entry, []).append(pair.juror)
    yield f"{len(panels)} entries, {len(found.loads)} jurors, {len(found.assignments)} reads"
    yield ""
    yield from (one_line(f"{entry}: {', '.join(jurors)}") for entry, jurors in panels.items())
    yield ""
    yield from table(("Juror", "Reads"), ((name, str(load)) for name, load in found.loads.items()), to_the_left=(0,))
