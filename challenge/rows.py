"""Tables as people's spreadsheets write them (CSV, RFC 4180): bytes in, rows of text out. What is text stays text."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from challenge.errors import RowError, TableError

LARGEST = 10 * 1024 * 1024
"""Bytes; a thousand entries read by ten jurors each take some hundred thousand."""
_LONGEST = 200
"""Characters of an id, a city or an organisation."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


class Row(Struct, frozen=True):
    """One row. `number` is the one that a spreadsheet shows: the header is row 1. `cells`: text by column, trimmed."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The text in that column, which may be empty. Raises RowError where it is too long."""
        if len(self.cells[column]) > _LONGEST:
            raise RowError(self.number, f"what stands under {column} is longer than {_LONGEST} characters")
        return self.cells[column]

    def name(self, column: str) -> str:
        """The text that must stand in that column. Raises RowError where none stands there, or too much."""
        text = self.text(column)
        if not text:
            raise RowError(self.number, f"the column {column} is empty")
        return text

    def number_of(self, column: str) -> float:
        """The number in that column. Raises RowError where it is none: no NaN, no infinity, no decimal comma."""
        text = self.name(column)
        found = number(text)
        if found is None:
            raise RowError(self.number, f"the {column} {_clipped(text)} is not a number")
        return found

    def whole_number_of(self, column: str) -> int | None:
        """The whole number from 0 up in that column, None where it is empty. Raises RowError."""
        text = self.text(column)
        if text and not _WHOLE.fullmatch(text):
            raise RowError(self.number, f"the {column} {_clipped(text)} is not a whole number from 0 up")
        return int(text) if text else None


def number(text: str) -> float | None:
    """The number that was written, as 87, 87.5 or 8.75e1; None where it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def read_table(raw: bytes, columns: Sequence[str], *, may_be_empty: bool = False) -> list[Row]:
    """The rows of a table whose header has these columns, in any order; further columns and empty rows do not count.

    `may_be_empty`: whether it may have no rows below its header.

    Raises:
        TableError: it is too large, not UTF-8, has no such header, or no rows.
        RowError: a row is not as long as the header, or its quotation marks do not match.
    """
    if len(raw) > LARGEST:
        raise TableError(f"it is larger than {LARGEST // 1024**2} MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError("it is not text in UTF-8") from error
    numbered = list(_split(text))
    if not numbered:
        raise TableError("it is empty")
    (_, header), *rows = numbered
    places = _places(header, columns)
    if not rows and not may_be_empty:
        raise TableError("it has no rows below its header")
    return [_row(number, cells, header, places) for number, cells in rows]


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its number."""
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield number, trimmed
    except csv.Error as error:
        raise RowError(number + 1, f"it cannot be read ({error})") from error


def _places(header: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    """Where each column stands."""
    names = [name.casefold() for name in header]
    listed = ", ".join(columns)
    for column in columns:
        if column not in names:
            raise TableError(f"its first row does not name the column {column} (needed: {listed}, parted by commas)")
        if names.count(column) > 1:
            raise TableError(f"its first row names the column {column} twice")
    return {column: names.index(column) for column in columns}


def _row(number: int, cells: Sequence[str], header: Sequence[str], places: dict[str, int]) -> Row:
    if len(cells) != len(header):
        raise RowError(number, f"it has {len(cells)} cells and the header {len(header)}")
    return Row(number, {column: cells[place] for column, place in places.items()})


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST // 4 else f"{text[: _LONGEST // 4]}…"
