"""A table as a CSV file (RFC 4180), in UTF-8 with a mark at its beginning by which Excel knows it."""

import csv
import io

from portal.exports.grid import Cell, Grid
from portal.exports.texts import harmless

MEDIA_TYPE = "text/csv"
_MARK = "\ufeff"


def comma_separated(grid: Grid) -> bytes:
    """The whole file, titles first. Dates are written as ISO 8601, so that every program reads them alike."""
    made = io.StringIO(newline="")
    made.write(_MARK)
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in grid.columns])
    writer.writerows([_field(cell) for cell in line] for line in grid.lines())
    return made.getvalue().encode()


def _field(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return str(cell) if isinstance(cell, int | float) else cell.isoformat()
