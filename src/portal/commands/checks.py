"""`kyberkunto checks`: who had which domain checked and on what ground, oldest first; kept for 90 days."""

import argparse
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal.commands.common import run_or_refuse, settings_or_refuse

_USUALLY = timedelta(days=7)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Since when, and how to print."""
    parser.add_argument(
        "--since", type=_day, metavar="YYYY-MM-DD", help="from that day on (UTC); otherwise those of the last week"
    )
    parser.add_argument("--json", action="store_true", help="one JSON array on standard output")


def run(args: argparse.Namespace) -> int:
    """Prints one check on a line; returns 0."""
    settings_or_refuse()
    since = args.since or (datetime.now(UTC) - _USUALLY).date()
    found = run_or_refuse(_checks(datetime.combine(since, time(), UTC)))
    if args.json:
        print(json.dumps(found, ensure_ascii=False, default=str))  # noqa: T201 - a command talks on its streams
        return 0
    for entry in found:
        who = f"client {entry['client']}" + (f", person {entry['person']}" if entry["person"] else "")
        print(f"{entry['at']:%Y-%m-%dT%H:%M:%SZ} {entry['domain']} {entry['ground']} by {entry['way']} ({who})")  # noqa: T201 - the same
    return 0


async def _checks(since: datetime) -> list[dict[str, Any]]:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.assessments import queries  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        return await queries.asked_for(since)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a day, such as 2026-11-23") from error
