"""`kyberkunto programme CITY`: a city's newest figures, for whoever runs the portal."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError, one_line

if TYPE_CHECKING:
    from portal.programme.snapshots import Kept


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which city, and how to print."""
    parser.add_argument("city", metavar="CITY", help="as in the city's address, such as helsinki")
    parser.add_argument("--make", action="store_true", help="make this week's figures first, where there are none")
    parser.add_argument("--language", choices=("fi", "sv", "en"), default="en", help="of the texts (en)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Prints what is published, and nothing else; returns 0."""
    settings_or_refuse()
    kept = run_or_refuse(_newest(args.city, make=args.make))
    if args.json:
        from portal.programme.document import as_document  # noqa: PLC0415 - reads the settings, which may be refused

        print(json.dumps(as_document(kept, args.language), ensure_ascii=False))  # noqa: T201 - a command talks on its streams
        return 0
    for line in _lines(kept, args.language):
        print(one_line(line))  # noqa: T201 - the same
    return 0


def _lines(kept: "Kept", language: str) -> list[str]:
    from portal.programme.telling import told  # noqa: PLC0415 - as above

    snapshot = told(kept, language)
    counted: Any = "fewer than 10" if snapshot.assessments is None else snapshot.assessments
    return [
        f"{kept.city.slug} {kept.week}: {counted} firms",
        *(f"{gap.short} of {gap.firms} {gap.id}: {gap.text}" for gap in (*snapshot.answers, *snapshot.checks)),
        *(f"{fix.done} fixed {fix.id}: {fix.text}" for fix in snapshot.fixed),
    ]


async def _newest(slug: str, *, make: bool) -> "Kept":
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.accounts import cities  # noqa: PLC0415 - the same
    from portal.errors import NotAllowedError  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same
    from portal.programme import snapshots  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        try:
            city = await cities.by_slug(slug)
        except NotAllowedError as error:
            raise UsageError("unknown-city", f"there is no city {slug}") from error
        if make:
            await snapshots.make_due(city)
        kept = await snapshots.newest(city)
    if kept is None:
        raise UsageError("no-figures", f"{slug} has no figures yet: the worker makes them, or --make does")
    return kept
