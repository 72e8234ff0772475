"""`kyberkunto audit verify` and `kyberkunto audit list`: the audit log, for whoever runs the portal."""

import argparse
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING

from portal.audit.chain import Entry, parse_head
from portal.audit.tables import Action
from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError, one_line

if TYPE_CHECKING:
    from portal.audit.verifying import Verdict

BROKEN = 1
"""The exit code of `verify` where the chain is not whole."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with it."""
    jobs = parser.add_subparsers(dest="job", metavar="verify|list", required=True)
    verify = jobs.add_parser("verify", help="read the whole log and say whether its chain is whole", allow_abbrev=False)
    verify.add_argument("--head", type=_head, metavar="SEQ:HASH", help="a head that was written down earlier")
    verify.add_argument("--json", action="store_true", help="one JSON object on standard output")
    listing = jobs.add_parser("list", help="print the log, oldest first", allow_abbrev=False)
    listing.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="from that day on (UTC)")
    listing.add_argument(
        "--action", choices=[kind.value for kind in Action], metavar="ACTION", help="of that kind only"
    )
    listing.add_argument("--json", action="store_true", help="one JSON array on standard output")


def run(args: argparse.Namespace) -> int:
    """Returns 0; of `verify` 1 where the chain is not whole."""
    settings_or_refuse()
    if args.job == "list":
        run_or_refuse(_list(args))
        return 0
    verdict = run_or_refuse(_verify(args))
    from portal.commands.audit_text import as_document, lines  # noqa: PLC0415 - reads the settings, which may be refused

    said = [json.dumps(as_document(verdict), ensure_ascii=False)] if args.json else lines(verdict)
    for line in said:
        print(one_line(line))  # noqa: T201 - a command talks on its streams
    return 0 if verdict.whole else BROKEN


async def _verify(args: argparse.Namespace) -> "Verdict":
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.audit import heads, verifying  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    try:
        written = heads.read(heads.file())
    except OSError as error:
        raise UsageError("audit-heads-not-readable", f"{heads.file()}: {error.strerror or error}") from error
    async with database.pool():
        return await verifying.verify(written, args.head)


async def _list(args: argparse.Namespace) -> None:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.audit import service  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    action = Action(args.action) if args.action else None
    async with database.pool():
        found = service.entries(args.since, action)
        if args.json:
            await _print_array(found)
        else:
            async for entry in found:
                print(_as_line(entry))  # noqa: T201 - a command talks on its streams


async def _print_array(found: AsyncIterator[Entry]) -> None:
    """One entry on a line, and never all of them in memory."""
    before = "["
    async for entry in found:
        print(f"{before}{_as_json(entry)}", end="")  # noqa: T201 - the same
        before = ",\n"
    print("[]" if before == "[" else "]")  # noqa: T201 - the same


def _as_line(entry: Entry) -> str:
    fields = (entry.seq, f"{entry.at[:19]}Z", entry.action, entry.actor, entry.subject or "-", entry.about)
    return one_line(" ".join(str(field) for field in fields))


def _as_json(entry: Entry) -> str:
    """As it is kept, `about` as an object; one that was tampered with and is none, as its text."""
    return json.dumps(
        {
            "seq": entry.seq,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "about": _object(entry.about),
            "previous": entry.previous,
            "hash": entry.hash,
        },
        ensure_ascii=False,
        default=repr,
    )


def _object(about: str) -> object:
    try:
        return json.loads(about)
    except (ValueError, TypeError, RecursionError):
        return about


def _head(text: str) -> object:
    try:
        return parse_head(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a day, such as 2026-11-23") from error
