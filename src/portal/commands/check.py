"""`kyberkunto check DOMAIN`: looks at a domain and tells what was found.

On a terminal findings appear as they come; into a pipe goes plain text; `--json` prints one document, `--json-lines`
each finding as a line the moment it is judged. Nothing is loaded before the first question has left that the questions
do not need.
"""

import argparse
import asyncio
import gc
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from checks.contract import Finding
from checks.errors import UnusableDomainError
from checks.gather.early import begin
from checks.gather.network import Network
from portal.commands.check_input import Form, Wish, add_options, read_wish, unusable
from portal.commands.loading import load_for
from portal.commands.notes import notes_at_the_end, warnings
from portal.commands.usage import UsageError, one_line, report
from portal.i18n import translator

if TYPE_CHECKING:
    from portal.assessments.inspected import Inspected
    from portal.assessments.report.input import ReportInput
    from portal.commands.view import View

HEAD_START_S = 0.03
"""What the first questions get before anything else is loaded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and how to tell it."""
    parser.add_argument("domain", metavar="DOMAIN", nargs="?", help="such as kahvila.fi")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")
    forms.add_argument(
        "--json-lines", action="store_true", help="each finding as a line of JSON, the moment it is judged"
    )
    parser.add_argument("--pdf", metavar="FILE", help="write the report as a PDF too")
    add_options(parser)
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of --json and leave")


def run(args: argparse.Namespace) -> int:
    """Returns 0 where the check ran, whatever it found, and 1 where our own program failed.

    Raises:
        UsageError: something typed, or this machine, cannot be used.
    """
    if args.schema:
        return _print_schema()
    if args.domain is None:
        raise UsageError("usage", "say which domain, like: kyberkunto check kahvila.fi")
    wish = read_wish(args)
    with notes_at_the_end() as notes:
        notes.extend(warnings(wish.options))
        try:
            _check_and_tell(wish)
        except (UsageError, BrokenPipeError):
            notes.clear()  # what cannot be used is told in one line, and nothing else
            raise
        except Exception as error:  # noqa: BLE001 - nobody who types a domain should ever meet a traceback
            message = f"our own program failed ({type(error).__name__}: {error})"
            report("our-error", message, as_json=wish.form is not Form.WORDS)
            return 1
    return 0


def _check_and_tell(wish: Wish) -> None:
    inspected = asyncio.run(_check(wish))
    gc.freeze()  # what was loaded stays; the rest is looked after again, which `portal.cli.program` had put off
    gc.enable()
    language = wish.options.language
    if wish.pdf is not None:
        from portal.commands.paper import write_pdf  # noqa: PLC0415 - start-up: only where a PDF is wanted

        write_pdf(wish.pdf, _report_of(inspected, language))
    if wish.form is Form.DOCUMENT:
        from portal.commands.inspecting import as_document  # noqa: PLC0415 - start-up: loaded by now

        told = json.dumps(as_document(inspected, language))  # ASCII, which fits every terminal
        sys.stdout.write(f"{msgspec.json.format(told, indent=2)}\n")
    elif wish.form is Form.WORDS and wish.pdf is not None:
        tell = translator(language).gettext
        told = tell("The report is in %(file)s.") % {"file": one_line(str(wish.pdf))}
        sys.stdout.write(f"\n{told}\n")


async def _check(wish: Wish) -> "Inspected":
    """Inspects, and shows each finding as it comes. Raises UsageError: `no-such-domain` or `opted-out`."""
    network = Network(
        wish.options.guard, wish.options.resolvers, wish.options.contact, registries=wish.options.registries
    )
    request = wish.options.request(wish.domain)
    try:
        begun = await begin(request, network)
    except UnusableDomainError as error:
        raise unusable(error, wish.options.language) from error
    opening = asyncio.create_task(_open_view(wish))

    async def show(finding: Finding) -> None:
        (await opening).add(finding)

    try:
        await load_for(begun)
        from portal.commands.inspecting import inspect_domain  # noqa: PLC0415 - start-up: after the first questions

        inspected, vantage = await inspect_domain(request, network, wish.options.language, show, begun)
        (await opening).end(inspected.findings, vantage)
    finally:
        await _close_view(opening)
        await begun.close()
    return inspected


async def _open_view(wish: Wish) -> "View":
    """The way in which findings are shown, loaded while the first answers are on their way."""
    await asyncio.sleep(HEAD_START_S)
    from portal.commands import stream, view  # noqa: PLC0415 - start-up: after the first question

    if wish.form is Form.DOCUMENT:
        return view.Silent()
    if wish.form is Form.LINES:
        return view.Lines(wish.domain, wish.options.language)
    opened = await asyncio.to_thread(lambda: stream.choose(sys.stdout)(wish.domain, wish.options.language))
    opened.begin()
    return opened


async def _close_view(opening: "asyncio.Task[View]") -> None:
    """Gives the terminal back as it was, whatever happened."""
    opening.cancel()
    (opened,) = await asyncio.gather(opening, return_exceptions=True)
    if not isinstance(opened, BaseException):
        opened.close()


def _report_of(inspected: "Inspected", language: str) -> "ReportInput":
    from portal.assessments.report.input import ReportInput  # noqa: PLC0415 - start-up: only where a PDF is wanted

    return ReportInput(language, datetime.now(UTC), (inspected,))


def _print_schema() -> int:
    from checks.document import SCHEMA  # noqa: PLC0415 - start-up: not part of a check

    sys.stdout.write(SCHEMA.read_text(encoding="utf-8"))
    return 0
