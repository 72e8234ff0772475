"""Context, not shame: how common a measure is among firms like the owner's, always with source and year.

`measures.toml` says which official statistic concerns which question, `figures.csv` holds the published figures (an
operator's file may take its place, see KYBERKUNTO_CONTEXT), and `peers` counts our own answer sheets.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import tomli
from msgspec import Struct

from portal.assessments.catalogue import Words

HERE = Path(__file__).parent
EVERY_SECTOR = "all"
EUROPE = "eu"
TEN_OR_MORE = "10+"
SIZES = ("1", "2-9", "10-49", "50-249", TEN_OR_MORE)
"""Size classes in persons employed: those of the profile, and all firms that official statistics ask."""
COUNTRIES = ("fi", "us-ny", EUROPE)


class Measure(Struct, frozen=True):
    """Something that a statistic asked of firms.

    `eurostat`: its code in Eurostat's isoc_cisce_ra. `questions`: by question, the least answer of a firm that has it.
    `did`: what the firms did, to go on after "About two in three firms of your size in Finland".
    """

    id: str
    eurostat: str
    questions: Mapping[str, str]
    did: Words


class Figure(Struct, frozen=True):
    """One published figure: the share of firms in percent that has the measure.

    `size` is one of `SIZES`, `country` one of `COUNTRIES`, `sector` a profile answer or `EVERY_SECTOR`. `year`: that of
    the survey. `fetched`: the day on which it was read at its `address`.
    """

    measure: str
    share_percent: float
    size: str
    country: str
    sector: str
    year: int
    title: str
    address: str
    fetched: date


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure by its id."""
    raw = tomli.loads((HERE / "measures.toml").read_text(encoding="utf-8"))
    return {name: Measure(name, entry["eurostat"], entry["questions"], entry["did"]) for name, entry in raw.items()}
