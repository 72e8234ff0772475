"""The tables ENTRIES.csv, JURORS.csv and CONFLICTS.csv."""

from collections.abc import Collection

from challenge.assignment.people import Entry, Juror, Pair
from challenge.errors import RowError
from challenge.rows import Row, read_table

ENTRY_COLUMNS = ("entry", "city", "organisation")
JUROR_COLUMNS = ("juror", "city", "organisation", "max_reads")
CONFLICT_COLUMNS = ("entry", "juror")


def read_entries(raw: bytes) -> list[Entry]:
    """The entries of the table. A city or an organisation may be empty: then it is nobody's.

    Raises:
        TableError: it is no such table, or has no rows.
        RowError: an id is empty or stands twice.
    """
    rows = read_table(raw, ENTRY_COLUMNS)
    _check_once(rows, "entry")
    return [Entry(row.name("entry"), row.text("city"), row.text("organisation")) for row in rows]


def read_jurors(raw: bytes) -> list[Juror]:
    """The jurors of the table. An empty `max_reads` is no maximum.

    Raises:
        TableError: it is no such table, or has no rows.
        RowError: an id is empty or stands twice, or `max_reads` is no whole number.
    """
    rows = read_table(raw, JUROR_COLUMNS)
    _check_once(rows, "juror")
    return [
        Juror(row.name("juror"), row.text("city"), row.text("organisation"), row.whole_number_of("max_reads"))
        for row in rows
    ]


def read_conflicts(raw: bytes, entries: Collection[Entry], jurors: Collection[Juror]) -> list[Pair]:
    """The conflicts of the table, which may have none. A name that is nobody's is refused: it would protect nobody.

    Raises:
        TableError: it is no such table.
        RowError: an entry or a juror is not among those given.
    """
    rows = read_table(raw, CONFLICT_COLUMNS, may_be_empty=True)
    known = {"entry": {each.entry for each in entries}, "juror": {each.juror for each in jurors}}
    for row in rows:
        for column, names in known.items():
            if row.name(column) not in names:
                raise RowError(row.number, f"there is no {column} {row.name(column)}")
    return [Pair(row.name("entry"), row.name("juror")) for row in rows]


def _check_once(rows: Collection[Row], column: str) -> None:
    first: dict[str, int] = {}
    for row in rows:
        name = row.name(column)
        if first.setdefault(name, row.number) != row.number:
            raise RowError(row.number, f"the {column} {name} stands a second time (first in row {first[name]})")
