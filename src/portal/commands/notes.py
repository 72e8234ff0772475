"""What a command says on standard error beside its result: warnings, and its own troubles."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from portal.commands.check_input import Options
from portal.commands.usage import one_line


def warnings(options: Options) -> Iterator[str]:
    """What the asker should know about the options before anything happens."""
    if options.guard.allowed:
        allowed = ", ".join(str(network) for network in options.guard.allowed)
        yield f"warning: checks may connect to networks that are not public: {allowed}"


@contextmanager
def notes_at_the_end() -> Iterator[list[str]]:
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
            print(f"kyberkunto: {one_line(note)}", file=sys.stderr)  # noqa: T201 - a command talks on its streams
