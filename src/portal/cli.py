"""The command `kyberkunto`: finds the subcommand, loads that module alone, and runs it."""

import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from portal.commands.usage import UNUSABLE, Parser, UsageError, report

COMMANDS = {
    "check": "check a domain and print the report",
    "batch": "check many domains and print each one's document on a line",
    "questionnaire": "print the questions, their answers and the fixes",
    "score": "assess an answer sheet and plan within a budget",
    "ranking": "rank entries by their jurors' scores",
    "assignment": "say which juror reads which entry",
    "serve": "run the portal: web and worker, after migrating",
    "worker": "run a worker alone",
    "migrate": "bring the database up to date",
    "demo": "fill an empty installation with a made-up city programme to walk around in",
    "backup": "copy the database while it is in use",
    "restore": "put a backup in the database's place",
    "admin": "make an administrator, list them, or help who lost every second factor",
    "audit": "show the audit log, or verify that nobody changed it",
    "checks": "list which checks were asked for, and on what ground",
    "disputes": "list what people said is wrong",
    "feedback": "list what people said got in their way",
    "programme": "show a city's newest figures, or make them",
    "context": "make a file of official figures from Eurostat's download",
}
BROKEN_PIPE = 141
INTERRUPTED = 130
"""128 plus the number of the signal, SIGPIPE or SIGINT, as shells have it."""


def program() -> NoReturn:
    """The command as a program of its own.

    A check lives for a second. Loading it makes many objects and no garbage, so none is looked for; and it leaves at
    once: taking the interpreter apart, object by object, would be a tenth of what it costs.
    """
    is_check = sys.argv[1:2] == ["check"]
    if is_check:
        gc.disable()
    code = main()
    if is_check:
        with contextlib.suppress(BrokenPipeError):  # nobody reads on
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code: 2 for input that cannot be used, 130 where Ctrl-C ended it."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    _make_printable()
    try:
        code = _run(given)
        sys.stdout.flush()
    except UsageError as error:
        report(error.code, error.message, as_json=not {"--json", "--json-lines"}.isdisjoint(given))
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: nothing is left to flush
        return BROKEN_PIPE
    return code


def _make_printable() -> None:
    """A terminal that cannot show a letter shows a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(given: Sequence[str]) -> int:
    """Only the chosen command's module is imported: a check must not pay for a web framework."""
    parser = Parser(prog="kyberkunto", description="Cyber fitness for small businesses.", allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    chosen = next((word for word in given if not word.startswith("-")), None)
    is_first = chosen in given[:1] and chosen in COMMANDS
    for name, summary in COMMANDS.items():
        if is_first and name != chosen:
            continue  # nobody will see it, and each costs
        subparser = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.", allow_abbrev=False)
        if name == chosen:
            module = importlib.import_module(f"portal.commands.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    args = parser.parse_args(given)
    if args.version:
        return _print_version()
    if args.command is None:
        _require_command(parser)
    code: int = args.run(args)
    return code


def _require_command(parser: Parser) -> NoReturn:
    parser.error(f"say which command: {', '.join(COMMANDS)}")


def _print_version() -> int:
    from importlib.metadata import version  # noqa: PLC0415 - reads files; only --version needs it

    print(f"kyberkunto {version('kyberkunto')}")  # noqa: T201 - the same
    return 0


if __name__ == "__main__":
    program()
