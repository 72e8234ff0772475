"""`kyberkunto demo`: fills an empty installation with a made-up city programme; `--sign-in ROLE` opens it again."""

import argparse
from typing import TYPE_CHECKING

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError

if TYPE_CHECKING:
    from portal.demo.ways_in import WayIn

LOCAL = "http://127.0.0.1:8000"
"""Where `kyberkunto serve` stands, unless it is told otherwise."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom to sign in as, once it is filled."""
    parser.add_argument("--sign-in", metavar="ROLE", help="only print a new link and code for that role (see the list)")


def run(args: argparse.Namespace) -> int:
    """Prints where to look and how to sign in; returns 0.

    Raises:
        UsageError: `not-empty`: somebody has used the database; `not-a-demo`: it was not filled by this command;
            `unknown-role`.
    """
    base = settings_or_refuse().public_url or LOCAL
    if args.sign_in is not None:
        _print([run_or_refuse(_way_in(args.sign_in))], base)
        return 0
    pages, ways = run_or_refuse(_fill())
    print("Filled with a made-up city programme. Start it with `make run` (or `kyberkunto serve`) and look at:\n")  # noqa: T201 - a command talks on its streams
    for told, path in pages:
        print(f"  {told:<28} {base}{path}")  # noqa: T201 - the same
    print("\nSign in with these links, each once and within ten minutes; the code is for the second step:\n")  # noqa: T201 - the same
    _print(ways, base)
    print("\nLater: kyberkunto demo --sign-in ROLE")  # noqa: T201 - the same
    return 0


def _print(ways: "list[WayIn]", base: str) -> None:
    for each in ways:
        print(f"  {each.role:<20} {base}{each.path}")  # noqa: T201 - the same
        if each.code:
            print(f"  {'':<20} recovery code: {each.code}")  # noqa: T201 - the same


async def _fill() -> "tuple[list[tuple[str, str]], list[WayIn]]":
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.demo import filling, sights, ways_in  # noqa: PLC0415 - the same
    from portal.errors import NotEmptyError  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        try:
            await filling.fill()
        except NotEmptyError as error:
            raise UsageError("not-empty", "this database is in use; demo fills only an empty one") from error
        return sights.pages(), [await ways_in.way_in(role) for role in ways_in.roles()]


async def _way_in(role: str) -> "WayIn":
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.demo import ways_in  # noqa: PLC0415 - the same
    from portal.errors import NotADemoError, PersonNotFoundError  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    if role not in ways_in.roles():
        raise UsageError("unknown-role", f"say one of: {', '.join(ways_in.roles())}")
    await require_up_to_date()
    async with database.pool():
        try:
            return await ways_in.way_in(role)
        except NotADemoError as error:
            raise UsageError("not-a-demo", "this installation was not filled by kyberkunto demo") from error
        except PersonNotFoundError as error:
            raise UsageError("nobody", "that person's account was deleted") from error
