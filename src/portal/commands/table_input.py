"""Tables that were named after a command (CSV), read or refused in one line that says where the fault is."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from challenge.errors import RowError, TableError
from challenge.rows import LARGEST
from portal.commands.usage import UsageError

T = TypeVar("T")
_LONGEST = 200
_MOST = 1_000_000


def read_with(reader: Callable[[bytes], T], file: str) -> T:
    """What the reader makes of that file, or of standard input where it is `-`.

    Raises:
        UsageError: `file-not-readable`, `unusable-table` or `unusable-row`.
    """
    raw = _read(file)
    with refusing(file):
        return reader(raw)


@contextmanager
def refusing(file: str) -> Iterator[None]:
    """Says of a table that cannot be used which file it is, and which row. Raises UsageError."""
    name = _named(file)
    try:
        yield
    except RowError as error:
        raise UsageError("unusable-row", f"{name}, row {error.row}: {error.reason}") from error
    except TableError as error:
        raise UsageError("unusable-table", f"{name} cannot be used: {error.reason}") from error


def refuse_two_inputs(*files: str) -> None:
    """Raises UsageError (`usage`) where several of the files are standard input."""
    if files.count("-") > 1:
        raise UsageError("usage", "only one of the files can be standard input")


def whole_from(least: int) -> Callable[[str], int]:
    """The type of an option that takes a whole number from `least` up."""

    def whole(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < len(str(_MOST)) and int(text) >= least):
            raise argparse.ArgumentTypeError(f"{_clipped(text)!r} is no whole number from {least} up")
        return int(text)

    return whole


def _read(file: str) -> bytes:
    """At most one byte more than there may be."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as source:
            return source.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError("file-not-readable", f"the file {_named(file)} cannot be read: {reason}") from error


def _named(file: str) -> str:
    return "standard input" if file == "-" else _clipped(file)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
