"""Looks for traces of somebody in all that an installation keeps: every table of both databases, and every file."""

import contextlib
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

import psycopg

from portal import settings


def traces(needles: Collection[str]) -> list[str]:
    """Where any of these texts stands (or, for bytes and ids, their hexadecimal form): `TABLE or file: text`."""
    wanted = {form: text for text in needles if text for form in (text, text.replace("-", ""), text.encode().hex())}
    found = [*_in_tables(wanted), *_in_files(wanted)]
    return sorted(set(found))


def tables() -> list[str]:
    """All that are looked through, so that a test can see that they are many."""
    return [name for name, _ in _rows()]


def _in_tables(wanted: dict[str, str]) -> Iterator[str]:
    for name, text in _rows():
        for form, said in wanted.items():
            if form.lower() in text.lower():
                yield f"{name}: {said}"


def _rows() -> Iterator[tuple[str, str]]:
    """Each table's name with all of its rows as one text."""
    chosen = settings.current()
    if chosen.database_url:
        with contextlib.closing(psycopg.connect(chosen.database_url)) as database:
            listed = database.execute(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in listed:
                kept = database.execute(f'SELECT t::text FROM "{schema}"."{table}" t').fetchall()  # noqa: S608 - names from the catalogue
                yield f"{schema}.{table}", "\n".join(row[0] for row in kept)
        return
    for file in (chosen.database_file, chosen.jobs_file):
        with contextlib.closing(sqlite3.connect(file)) as database:
            listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in listed:
                kept = database.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - the same
                yield f"{file.name}.{table}", "\n".join(_text(value) for row in kept for value in row)


def _text(value: object) -> str:
    return f"{value.hex()} {value.decode(errors='replace')}" if isinstance(value, bytes) else str(value)


def _in_files(wanted: dict[str, str]) -> Iterator[str]:
    """The bytes as they are on the disk, free pages of a database and its log included."""
    for file in _files(settings.current().var):
        content = file.read_bytes().lower()
        for form, said in wanted.items():
            if form.lower().encode() in content:
                yield f"{file.name}: {said}"


def _files(folder: Path) -> Iterator[Path]:
    yield from (file for file in folder.rglob("*") if file.is_file())
