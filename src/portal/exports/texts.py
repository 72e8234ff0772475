"""Other people's texts on their way into a spreadsheet or a calendar: none of it may act there, all of it can be read.

A spreadsheet takes a cell that begins like a formula for one (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10). In a workbook
each cell says that it is a text. A CSV file cannot say so: an apostrophe before the sign does, as people type it
themselves. Spreadsheets also part a file at other signs than the one that it was written with (a Finnish one at
semicolons), so that a cell may begin at any of them within a text.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

LONGEST_CELL = 32_000
"""UTF-16 units of one cell of a workbook; Excel takes 32,767."""
LONGEST_NAME = 100
"""Letters of a file's name that come from a domain."""

_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SIGNS = frozenset("=+-@\N{MINUS SIGN}")
_PARTING = frozenset(";,|\t\r\n")
_TWO_UNITS = 0x10000


class _Role(Enum):
    """What a sign does at the beginning of a cell; quotes, spaces and what cannot be seen may be dropped there."""

    FORMULA = auto()
    PARTING = auto()
    PASSED_OVER = auto()
    OTHER = auto()


def readable(text: str) -> str:
    """The text with U+FFFD in place of what no file of text may hold: control characters and halves of letters."""
    return _UNREADABLE.sub("\ufffd", text)


def even(text: str) -> str:
    """The text, readable, with one kind of line end: a line feed, as cells and calendars have it."""
    return readable(text).replace("\r\n", "\n").replace("\r", "\n")


def harmless(text: str) -> str:
    """A field of a CSV file: readable, and with an apostrophe wherever a spreadsheet might see a formula begin."""
    made: list[str] = []
    at_start = True
    for place, sign in enumerate(text := readable(text)):
        role = _role(sign)
        if at_start and (role is _Role.FORMULA or (place == 0 and sign in "\t\r\n")):
            made.append("'")
        made.append(sign)
        at_start = role is _Role.PARTING or (at_start and role is _Role.PASSED_OVER)
    return "".join(made)


def pieces(text: str, longest: int = LONGEST_CELL) -> Iterator[str]:
    """The text in pieces of at most so many UTF-16 units; at least one, and no letter is cut through."""
    start = units = 0
    for place, sign in enumerate(text):
        width = 1 + (ord(sign) >= _TWO_UNITS)
        if units + width > longest:
            yield text[start:place]
            start, units = place, 0
        units += width
    yield text[start:]


def file_name(name: str) -> str:
    """A name without whatever a file system or a header might take for something else."""
    kept = "".join(sign if sign.isalnum() or sign in ".-_" else "-" for sign in name)
    return kept.strip(".-")[:LONGEST_NAME]


@lru_cache(maxsize=4096)
def _role(sign: str) -> _Role:
    """Full-width and small forms mean the same to a spreadsheet as the sign itself."""
    folded, category = unicodedata.normalize("NFKC", sign), unicodedata.category(sign)
    if folded in _SIGNS:
        return _Role.FORMULA
    if folded in _PARTING:
        return _Role.PARTING
    return _Role.PASSED_OVER if sign in "'\"" or category[0] in "ZC" or category == "Mn" else _Role.OTHER
