"""Tables as a workbook (XLSX): one sheet each, with titles that stay in sight and print on every page."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.exports.grid import Cell, Grid
from portal.exports.texts import even, pieces, readable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A4 = 9
_DATES = {"en": "d mmmm yyyy"}
_DATE = "d.m.yyyy"
# Every text is written as a text; besides, `quote_prefix` keeps it one when somebody edits its cell.
_TEXT = {"text_wrap": True, "valign": "top", "quote_prefix": True}
_TITLE = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E6E6E6"}


def workbook(grids: Iterable[Grid], title: str, language: str) -> bytes:
    """The whole file. A text that is too long for a cell goes on in the rows below it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"title": readable(title), "comments": "Kyberkunto"})
        formats = {
            str: book.add_format(_TEXT),
            date: book.add_format({"num_format": _DATES.get(language, _DATE), "valign": "top", "align": "left"}),
            float: book.add_format({"valign": "top"}),
        }
        head = book.add_format(_TITLE)
        for grid in grids:
            _fill(book.add_worksheet(grid.title), grid, head, formats)
    return made.getvalue()


def _fill(sheet: Worksheet, grid: Grid, head: Format, formats: dict[type, Format]) -> None:
    for number, column in enumerate(grid.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.title, head)
    place = 1
    for line in grid.lines():
        for part in _parts(line):
            for number, cell in enumerate(part):
                _write(sheet, place, number, cell, formats)
            place += 1
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(place - 1, 1), len(grid.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _parts(line: Sequence[Cell]) -> Iterable[tuple[Cell, ...]]:
    """The line, and as many more below it as its longest text needs."""
    cells = [[*pieces(even(cell))] if isinstance(cell, str) else [cell] for cell in line]
    return zip_longest(*cells)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, formats: dict[type, Format]) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, formats[str])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats[date])
    elif cell is not None:
        sheet.write_number(row, column, cell, formats[float])
