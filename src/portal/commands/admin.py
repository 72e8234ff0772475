"""`kyberkunto admin`: who administers the portal (`create ADDRESS`, `list`), and who lost every second factor.

`reset-second-factor ADDRESS` is for the latter. Whether it is that person who asks, the operator makes sure of before.
"""

import argparse
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError, one_line
from portal.errors import PersonNotFoundError, UnusableAddressError
from portal.i18n import NAMES
from portal.mail_addresses import parse_mail_address

if TYPE_CHECKING:
    from portal.accounts.administrators import Made

LOCAL = "http://127.0.0.1:8000"
"""Where `kyberkunto serve` stands, unless it is told otherwise."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    jobs = parser.add_subparsers(dest="job", metavar="create|list|reset-second-factor", required=True)
    create = jobs.add_parser("create", help="make an administrator, and print a link to sign in", allow_abbrev=False)
    create.add_argument("address", metavar="ADDRESS", help="the mail address with which they sign in")
    create.add_argument("--language", choices=list(NAMES), default="en", help="their language (default: en)")
    create.add_argument("--json", action="store_true", help="one JSON object on standard output")
    listing = jobs.add_parser("list", help="print the administrators, oldest first", allow_abbrev=False)
    listing.add_argument("--json", action="store_true", help="one JSON array on standard output")
    reset = jobs.add_parser(
        "reset-second-factor", help="remove all second factors of whoever lost them", allow_abbrev=False
    )
    reset.add_argument("address", metavar="ADDRESS", help="the mail address with which they sign in")


def run(args: argparse.Namespace) -> int:
    """Returns 0. Raises UsageError: `not-an-address` for what is none, `nobody` where nobody ever signed in with it."""
    public_url = settings_or_refuse().public_url
    if args.job == "reset-second-factor":
        address = run_or_refuse(_reset(args.address))
        print(f"{address} has no second factor now and is signed out everywhere.")  # noqa: T201 - a command talks
        return 0
    if args.job == "list":
        _print_all(run_or_refuse(_all()), as_json=args.json)
        return 0
    made = run_or_refuse(_create(args.address, args.language))
    link = f"{public_url or LOCAL}{made.path}"
    if args.json:
        print(json.dumps({"address": made.address, "made": made.is_new, "link": link}))  # noqa: T201 - a command talks
        return 0
    print(f"{made.address} is {'now' if made.is_new else 'already'} an administrator.")  # noqa: T201 - the same
    print(f"This link signs in once, for ten minutes:\n{link}")  # noqa: T201 - the same
    if not public_url:
        print("KYBERKUNTO_PUBLIC_URL is not set: put the portal's own address before the path.")  # noqa: T201 - the same
    return 0


def _print_all(found: Sequence[tuple[datetime, str, str]], *, as_json: bool) -> None:
    if as_json:
        listed = [{"since": at.isoformat(), "address": address, "pseudonym": name} for at, address, name in found]
        print(json.dumps(listed))  # noqa: T201 - a command talks on its streams
        return
    for at, address, name in found:
        print(one_line(f"{at:%Y-%m-%d} {address} {name}"))  # noqa: T201 - the same


async def _create(typed: str, language: str) -> "Made":
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.accounts import administrators  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        try:
            return await administrators.make(typed, language)
        except UnusableAddressError as error:
            raise UsageError("not-an-address", "no mail can be sent to that address") from error


async def _reset(typed: str) -> str:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.accounts import second_factors  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        try:
            address = parse_mail_address(typed)
            await second_factors.reset_of(address)
        except UnusableAddressError as error:
            raise UsageError("not-an-address", "no mail can be sent to that address") from error
        except PersonNotFoundError as error:
            raise UsageError("nobody", "nobody has ever signed in with that address") from error
    return address


async def _all() -> Sequence[tuple[datetime, str, str]]:
    from portal import database  # noqa: PLC0415 - reads the settings, which may have to be refused first
    from portal.accounts import administrators  # noqa: PLC0415 - the same
    from portal.migrating import require_up_to_date  # noqa: PLC0415 - the same

    await require_up_to_date()
    async with database.pool():
        return await administrators.all_of_them()
