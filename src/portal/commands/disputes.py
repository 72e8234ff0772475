"""`kyberkunto disputes`: what people said is wrong, newest first."""

import argparse
import json
from typing import Any

from portal.commands.common import run_or_refuse, settings_or_refuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How to print."""
    parser.add_argument("--json", action="store_true", help="one JSON array on standard output")


def run(args: argparse.Namespace) -> int:
    """Prints each with its finding; returns 0."""
    settings_or_refuse()
    found = run_or_refuse(_disputes())
    if args.json:
        print(json.dumps(found, ensure_ascii=False, default=str))  # noqa: T201 - a command talks on its streams
        return 0
    for entry in found:
        head = f"{entry['created_at']:%Y-%m-%d %H:%M} {entry['domain']} {entry['check_id']} ({entry['subject']})"
        print(f"{head}\n    {_one_line(entry['message']) or '(no message)'}")  # noqa: T201 - the same
    return 0


def _one_line(text: str) -> str:
    """A stranger's words without what could steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


async def _disputes() -> list[dict[str, Any]]:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.assessments import queries  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        return await queries.disputes()
