"""`kyberkunto check DOMAIN`: looks at a domain and tells what was found.

On a terminal findings appear as they come; into a pipe goes plain text; `--json` prints one document. Nothing is
loaded before the first question has left that the questions do not need.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from checks.advice import LANGUAGES
from checks.contract import Consent, Finding
from checks.errors import UnusableDomainError
from checks.evidence.lookups import Vantage
from checks.gather.network import Network
from checks.inspection import Request, inspect, look_around
from checks.registry import ALL_CHECKS, CATALOGUE_VERSION
from portal.commands.check_input import Wish, read_wish, unusable, unwritable
from portal.commands.usage import UsageError, one_line, report
from portal.i18n import translator

if TYPE_CHECKING:
    from portal.commands.view import View

HEAD_START_S = 0.03
"""What the first questions get before anything else is loaded."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """One inspection that ran to its end. `started_at` is aware."""

    domain: str
    started_at: datetime
    duration_s: float
    findings: tuple[Finding, ...]
    vantage: Vantage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and how to tell it."""
    parser.add_argument("domain", metavar="DOMAIN", nargs="?", help="such as kahvila.fi")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")
    parser.add_argument("--pdf", metavar="FILE", help="write the report as a PDF too")
    parser.add_argument("--lang", choices=LANGUAGES, help="language (default: as the environment has it, else en)")
    parser.add_argument(
        "--ports", action="store_true", help="scan for open ports too: says that you may have these servers scanned"
    )
    parser.add_argument(
        "--resolver", metavar="IP[:PORT]", action="append", default=[], help="ask this name service; may be repeated"
    )
    parser.add_argument(
        "--allow-network",
        metavar="CIDR",
        action="append",
        default=[],
        help="connect to this network though it is not public; may be repeated",
    )
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
    with _notes_at_the_end() as notes:
        notes.extend(_warnings(wish))
        try:
            _check_and_tell(wish)
        except (UsageError, BrokenPipeError):
            notes.clear()  # what cannot be used is told in one line, and nothing else
            raise
        except Exception as error:  # noqa: BLE001 - nobody who types a domain should ever meet a traceback
            report("our-error", f"our own program failed ({type(error).__name__}: {error})", as_json=wish.as_json)
            return 1
    return 0


def _check_and_tell(wish: Wish) -> None:
    inspected = asyncio.run(_check(wish))
    if wish.pdf is not None:
        _write_pdf(wish, inspected)
    if wish.as_json:
        _print_document(wish, inspected)
    elif wish.pdf is not None:
        tell = translator(wish.language).gettext
        sys.stdout.write(f"\n{tell('The report is in %(file)s.') % {'file': one_line(str(wish.pdf))}}\n")


async def _check(wish: Wish) -> Inspected:
    """Inspects, and shows each finding as it comes.

    Raises:
        UsageError: `no-such-domain`.
    """
    network = Network(wish.guard, wish.resolvers)
    started_at, began = datetime.now(UTC), time.monotonic()
    opening = asyncio.create_task(_open_view(wish))
    found: list[Finding] = []
    try:
        async with aclosing(
            inspect(Request(wish.domain, Consent(probes=True, ports=wish.ports_allowed)), network)
        ) as findings:
            async for finding in findings:
                found.append(finding)
                (await opening).add(finding)
        vantage = await look_around(wish.domain, network)
        inspected = Inspected(wish.domain, started_at, time.monotonic() - began, _ranked(found), vantage)
        (await opening).end(inspected.findings, vantage)
    except UnusableDomainError as error:
        raise unusable(error, wish.language) from error
    finally:
        await _close_view(opening)
    return inspected


def _ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """In the order of the registry, so that two documents about a domain can be compared line by line."""
    places = {check.id: place for place, check in enumerate(ALL_CHECKS)}
    return tuple(sorted(findings, key=lambda finding: (places[finding.id], finding.subject)))


async def _open_view(wish: Wish) -> "View":
    """The way in which findings are shown, loaded while the first answers are on their way."""
    await asyncio.sleep(HEAD_START_S)
    from portal.commands import stream, view  # noqa: PLC0415 - start-up: after the first question

    if wish.as_json:
        return view.Silent()
    opened = await asyncio.to_thread(lambda: stream.choose(sys.stdout)(wish.domain, wish.language))
    opened.begin()
    return opened


async def _close_view(opening: "asyncio.Task[View]") -> None:
    """Gives the terminal back as it was, whatever happened."""
    opening.cancel()
    (opened,) = await asyncio.gather(opening, return_exceptions=True)
    if not isinstance(opened, BaseException):
        opened.close()


def _print_document(wish: Wish, inspected: Inspected) -> None:
    from checks.document import document  # noqa: PLC0415 - start-up: after the last answer

    whole = document(
        inspected.domain,
        inspected.findings,
        started_at=inspected.started_at,
        duration_s=inspected.duration_s,
        catalogue_version=CATALOGUE_VERSION,
        language=wish.language,
    )
    print(json.dumps(whole, indent=2))  # noqa: T201 - a command talks on its streams; ASCII fits every terminal


def _write_pdf(wish: Wish, inspected: Inspected) -> None:
    """Raises UsageError: `pdf-not-writable`, or `pdf-not-available` where this machine lacks what it takes."""
    assert wish.pdf is not None  # noqa: S101 - asked for
    try:
        content = _render(wish, inspected)
    except OSError as error:  # WeasyPrint looks for Pango when it is loaded
        raise UsageError("pdf-not-available", f"no PDF can be made on this machine: {error}") from error
    try:
        wish.pdf.write_bytes(content)
    except OSError as error:
        raise unwritable(wish.pdf, error, wish.language) from error


def _render(wish: Wish, inspected: Inspected) -> bytes:
    from checks.limits import limits_of  # noqa: PLC0415 - start-up: PDF libraries only where a PDF is wanted
    from checks.score import score  # noqa: PLC0415 - the same
    from portal.assessments.report import render_pdf  # noqa: PLC0415 - the same
    from portal.assessments.report_input import ReportInput  # noqa: PLC0415 - the same

    content = ReportInput(
        domain=inspected.domain,
        language=wish.language,
        started_at=inspected.started_at,
        duration_s=inspected.duration_s,
        catalogue_version=CATALOGUE_VERSION,
        findings=inspected.findings,
        score=score(inspected.findings),
        resolvers=inspected.vantage.resolvers,
        limits=limits_of(inspected.vantage, inspected.findings),
    )
    return render_pdf(content)


def _print_schema() -> int:
    from checks.document import SCHEMA  # noqa: PLC0415 - start-up: not part of a check

    sys.stdout.write(SCHEMA.read_text(encoding="utf-8"))
    return 0


def _warnings(wish: Wish) -> Iterator[str]:
    if wish.guard.allowed:
        allowed = ", ".join(str(network) for network in wish.guard.allowed)
        yield f"warning: checks may connect to networks that are not public: {allowed}"


def _complain(text: str) -> None:
    print(f"kyberkunto: {one_line(text)}", file=sys.stderr)  # noqa: T201 - the same


@contextmanager
def _notes_at_the_end() -> Iterator[list[str]]:
    """Whatever the program logs about its own troubles, one line each; said on leaving, when the screen is free."""
    notes: list[str] = []

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            fault = record.exc_info[1] if record.exc_info else None
            reason = f" ({type(fault).__name__}: {fault})" if fault else ""
            notes.append(f"{record.getMessage()}{reason}")

    handler = Notes(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        yield notes
    finally:
        logging.getLogger().removeHandler(handler)
        for note in notes:
            _complain(note)
