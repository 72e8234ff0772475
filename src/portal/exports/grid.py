"""A table as a value, before it is a CSV file or a sheet of a workbook."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

Cell = str | int | float | date | None


class Column(Struct, frozen=True):
    """`key` names it in the rows, `title` for its reader; `width` is in letters."""

    key: str
    title: str
    width: int


class Grid(Struct, frozen=True):
    """`name`: for a file and an address; `title`: in words, at most 31 letters. A row may leave cells out."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]

    def lines(self) -> list[list[Cell]]:
        """The rows' cells, in the columns' order."""
        return [[row.get(column.key) for column in self.columns] for row in self.rows]
