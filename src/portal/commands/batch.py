"""`kyberkunto batch FILE`: checks many domains in one process, and prints each one's document on a line of its own.

Documents come in the order in which the checks end. What cannot be checked is a line too: the error and what was typed.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from checks.contract import Finding, Json
from checks.gather.network import Network
from checks.gather.politeness import Politeness
from portal.commands.check_input import Options, add_options, read_domain, read_options
from portal.commands.inspecting import as_document, inspect_domain
from portal.commands.notes import notes_at_the_end, warnings
from portal.commands.usage import UsageError, one_line
from portal.i18n import translator

AT_ONCE = 32
FILES_EACH = 128
"""Sockets that one inspection may hold at once: its questions, its visits, its probes."""
FILES_OF_OURS = 64
MAX_SHOWN = 300
ALLOCATIONS = 20_000
"""Between two searches for garbage: an inspection makes very many objects and hardly any cycles."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which domains to check, and how."""
    parser.add_argument("file", metavar="FILE", help="domains, one on each line; - for standard input")
    parser.add_argument(
        "--at-once", metavar="N", type=_positive, default=AT_ONCE, help=f"domains to check at once (default: {AT_ONCE})"
    )
    add_options(parser)


def run(args: argparse.Namespace) -> int:
    """Returns 0 where every domain was checked or refused, and 1 where our own program failed at one of them.

    Raises:
        UsageError: `file-not-readable`, or those of `check`.
    """
    options = read_options(args)
    wanted = read_list(args.file, options.language)
    with notes_at_the_end() as notes:
        notes.extend(warnings(options))
        gc.freeze()
        gc.set_threshold(ALLOCATIONS)
        batch = Batch(options, iter(wanted), Politeness())
        asyncio.run(_run(batch, min(args.at_once, _most_at_once()), len(wanted)))
    return 1 if batch.failed else 0


@dataclass(slots=True)
class Batch:
    """The domains still to check, as they were typed, and how it went so far."""

    options: Options
    waiting: Iterator[str]
    politeness: Politeness
    done: int = 0
    failed: int = 0

    async def work(self) -> None:
        """Checks one domain after the other until none is left."""
        for typed in self.waiting:
            line = await self._line(typed)
            sys.stdout.write(f"{json.dumps(line)}\n")
            sys.stdout.flush()
            self.done += 1

    async def _line(self, typed: str) -> dict[str, Json]:
        try:
            domain = read_domain(typed, self.options.language)
            network = Network(
                self.options.guard,
                self.options.resolvers,
                self.options.contact,
                self.politeness,
                self.options.registries,
            )
            inspected, _ = await inspect_domain(
                self.options.request(domain), network, self.options.language, _nobody_waits
            )
            return as_document(inspected, self.options.language)
        except UsageError as error:
            return _refusal(typed, error.code, error.message)
        except Exception as error:  # noqa: BLE001 - one domain must not end the others' checks
            self.failed += 1
            return _refusal(typed, "our-error", f"our own program failed ({type(error).__name__}: {error})")


async def _run(batch: Batch, at_once: int, total: int) -> None:
    from portal.commands.progress import shown  # noqa: PLC0415 - a pipe needs no progress bar

    async with shown(lambda: batch.done, total, sys.stderr), asyncio.TaskGroup() as group:
        for _ in range(min(at_once, total)):
            group.create_task(batch.work())


def read_list(file: str, language: str) -> list[str]:
    """The lines of a file that name something, each once; `#` begins a comment.

    Raises:
        UsageError: `file-not-readable`.
    """
    try:
        if file == "-":
            return _named(sys.stdin)
        with Path(file).open(encoding="utf-8", errors="replace") as lines:
            return _named(lines)
    except OSError as error:
        tell = translator(language).gettext
        reason = error.strerror or type(error).__name__
        message = tell("The file %(file)s cannot be read: %(reason)s.") % {"file": file, "reason": reason}
        raise UsageError("file-not-readable", message) from error


def _named(lines: TextIO) -> list[str]:
    return list(dict.fromkeys(text for line in lines if (text := line.partition("#")[0].strip())))


def _refusal(typed: str, code: str, message: str) -> dict[str, Json]:
    return {"error": {"code": code, "message": one_line(message)}, "input": typed[:MAX_SHOWN]}


async def _nobody_waits(_finding: Finding) -> None:
    """Findings are told all together, in the document."""


def _most_at_once() -> int:
    """How many inspections the limit of open files carries; the limit is raised as far as this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = os.sysconf("SC_OPEN_MAX") if soft == resource.RLIM_INFINITY else max(soft, 65536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return max((hard - FILES_OF_OURS) // FILES_EACH, 1)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
