"""Eurostat's download of isoc_cisce_ra made into figures: tab-separated values, or SDMX-CSV; packed by gzip or not.

The dimensions are freq, size_emp, nace_r2, indic_is, unit and geo (ESTAT:ISOC_CISCE_RA). In the tab-separated form the
first column holds them, joined by commas, and each further column is a year; a cell is a value, `:` where there is
none, and flags after a space. In SDMX-CSV each observation is a line with OBS_VALUE and OBS_FLAG.
"""

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from portal.assessments.context import EUROPE, EVERY_SECTOR, TEN_OR_MORE, Figure, measures
from portal.errors import ContextError

TITLE = "Eurostat: Security policy: measures, risks and staff awareness by size class of enterprise (isoc_cisce_ra)"
ADDRESS = "https://ec.europa.eu/eurostat/web/products-datasets/-/isoc_cisce_ra"
SIZES: Mapping[str, str] = {"0_1": "1", "2-9": "2-9", "10-49": "10-49", "50-249": "50-249", "GE10": TEN_OR_MORE}
COUNTRIES: Mapping[str, str] = {"FI": "fi", "EU27_2020": EUROPE}
ALL_ACTIVITIES = "C10-S951_X_K"
"""All that the survey covers, without the financial sector."""
SHARE_OF_ENTERPRISES = "PC_ENT"
TRUSTED_FLAGS = frozenset("bepsr")
"""Break in the series, estimated, provisional, estimated by Eurostat, revised. A value of low reliability (u), of
another definition (d), or with a flag that we do not know is left out."""
LARGEST_BYTES = 200_000_000

_PLACE = ("size_emp", "nace_r2", "indic_is", "unit", "geo")
_CELL = re.compile(r"(\d{1,3}(?:\.\d+)?) ?([a-z]*)")

Observation = tuple[Mapping[str, str], str, str]
"""The dimensions by name, the year, and the cell: the value with its flags."""


def read(path: Path, fetched: date) -> tuple[Figure, ...]:
    """The newest figure of each measure, size and country that we use. Raises ContextError in one line."""
    text = _text(path)
    head = text.partition("\n")[0].strip()
    if head.startswith("freq,") and "\t" in head:
        observations = _of_table(text)
    elif {*_PLACE, "TIME_PERIOD", "OBS_VALUE"} <= set(head.split(",")):
        observations = _of_lines(text)
    else:
        raise ContextError(f"{path}: this is neither Eurostat's TSV nor its SDMX-CSV")
    found = _newest(observations, fetched)
    if not found:
        raise ContextError(f"{path}: there is no figure in it that we use; is this isoc_cisce_ra?")
    return tuple(found[key] for key in sorted(found))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise ContextError(f"{path}: larger than {LARGEST_BYTES // 1_000_000} MB")
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ContextError(f"{path}: {error}") from error


def _of_table(text: str) -> Iterator[Observation]:
    lines = text.splitlines()
    names, *years = (part.strip() for part in lines[0].split("\t"))
    dimensions = names.partition("\\")[0].split(",")
    for line in lines[1:]:
        place, *cells = line.split("\t")
        where = dict(zip(dimensions, place.split(","), strict=False))
        for year, cell in zip(years, cells, strict=False):
            yield where, year, cell.strip()


def _of_lines(text: str) -> Iterator[Observation]:
    for row in csv.DictReader(io.StringIO(text)):
        yield row, row["TIME_PERIOD"] or "", f"{row['OBS_VALUE'] or ':'} {row.get('OBS_FLAG') or ''}".strip()


def _newest(observations: Iterator[Observation], fetched: date) -> dict[tuple[str, str, str], Figure]:
    codes = {measure.eurostat: measure.id for measure in measures().values()}
    found: dict[tuple[str, str, str], Figure] = {}
    for where, year, cell in observations:
        size, _, code, unit, country = (where.get(name, "") for name in _PLACE)
        if code not in codes or size not in SIZES or country not in COUNTRIES or unit != SHARE_OF_ENTERPRISES:
            continue
        share = _share(cell)
        if where.get("nace_r2") != ALL_ACTIVITIES or share is None or not re.fullmatch(r"\d{4}", year):
            continue
        key = (codes[code], COUNTRIES[country], SIZES[size])
        if key not in found or found[key].year < int(year):
            found[key] = Figure(key[0], share, key[2], key[1], EVERY_SECTOR, int(year), TITLE, ADDRESS, fetched)
    return found


def _share(cell: str) -> float | None:
    """A cell's value in percent; None where there is none or it is not to be relied on."""
    match = _CELL.fullmatch(cell)
    if match is None or not set(match[2]) <= TRUSTED_FLAGS:
        return None
    share = float(match[1])
    return share if share <= 100 else None  # noqa: PLR2004 - percent
