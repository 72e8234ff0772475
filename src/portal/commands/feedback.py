"""`kyberkunto feedback`: what people said got in their way, newest first; the law gives 14 days to answer."""

import argparse
import json
from typing import Any

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How to print."""
    parser.add_argument("--json", action="store_true", help="one JSON array on standard output")


def run(args: argparse.Namespace) -> int:
    """Prints each with where it happened and where to answer; returns 0."""
    settings_or_refuse()
    found = run_or_refuse(_feedback())
    if args.json:
        print(json.dumps(found, ensure_ascii=False, default=str))  # noqa: T201 - a command talks on its streams
        return 0
    for entry in found:
        head = f"{entry['created_at']:%Y-%m-%d %H:%M} {entry['language']} {one_line(entry['place']) or '-'}"
        print(f"{head} (answer to: {entry['reply_to'] or 'nobody'})\n    {one_line(entry['message'])}")  # noqa: T201 - the same
    return 0


async def _feedback() -> list[dict[str, Any]]:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same
    from portal.privacy import feedback  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        return await feedback.all_of_it()
