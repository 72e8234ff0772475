"""The file of official figures: comma-separated values with one figure on each line."""

import csv
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from portal.assessments.catalogue import current
from portal.assessments.context import COUNTRIES, EVERY_SECTOR, HERE, SIZES, Figure, measures
from portal.errors import ContextError

SHIPPED = HERE / "figures.csv"
COLUMNS = Figure.__struct_fields__
FIRST_YEAR = 2000
MOST = 5000
"""Figures in a file."""


def read(path: Path) -> tuple[Figure, ...]:
    """The figures in that file. Raises ContextError, in one line with the place, for whatever makes no sense."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ContextError(f"{path}: {error}") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ContextError(f"{path}: the first line must be {','.join(COLUMNS)}")
    if len(rows) > MOST:
        raise ContextError(f"{path}: more than {MOST} lines")
    found: dict[tuple[str, ...], Figure] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        try:
            figure = _figure(row)
            key = (figure.measure, figure.size, figure.country, figure.sector)
            _require(key not in found, f"{', '.join(key)} stands there twice")
        except ValueError as error:
            raise ContextError(f"{path}, line {number}: {error}") from error
        found[key] = figure
    return tuple(found.values())


def write(path: Path, figures: Iterable[Figure]) -> None:
    """Writes them whole or not at all. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([getattr(figure, column) for column in COLUMNS] for figure in figures)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _figure(row: Sequence[str]) -> Figure:
    """Raises ValueError with what is wrong."""
    _require(len(row) == len(COLUMNS), f"{len(COLUMNS)} values are wanted, {len(row)} are there")
    measure, share, size, country, sector, year, title, address, fetched = (part.strip() for part in row)
    _require(measure in measures(), f"there is no measure {measure}")
    _require(re.fullmatch(r"\d{1,3}(\.\d+)?", share) is not None and float(share) <= 100, f"{share} is no share")  # noqa: PLR2004 - percent
    _require(size in SIZES, f"the size {size} is none of {', '.join(SIZES)}")
    _require(country in COUNTRIES, f"the country {country} is none of {', '.join(COUNTRIES)}")
    _require(sector in _sectors(), f"the sector {sector} is none of {', '.join(_sectors())}")
    today = date.today()  # noqa: DTZ011 - a day, wherever the operator is
    _require(re.fullmatch(r"\d{4}", year) is not None and FIRST_YEAR <= int(year) <= today.year, f"no year: {year}")
    _require(bool(title), "the source has no title")
    _require(urlsplit(address).scheme == "https" and bool(urlsplit(address).hostname), f"no https address: {address}")
    read_on = date.fromisoformat(fetched)
    return Figure(measure, float(share), size, country, sector, int(year), title, address, read_on)


def _sectors() -> tuple[str, ...]:
    asked = current().profile_question("sector")
    return (EVERY_SECTOR, *(answer.id for answer in asked.answers if asked)) if asked else (EVERY_SECTOR,)


def _require(is_so: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_so:
        raise ValueError(message)
