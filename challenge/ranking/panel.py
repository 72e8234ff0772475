"""The scores of a panel as a table of entries by jurors, in one order, however they came."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from challenge.errors import ScoreError
from challenge.ranking.result import Score

HIGHEST = 100
MOST_ENTRIES = 2000
MOST_JURORS = 500
"""What one ranking takes: it is solved in memory, in seconds."""

Numbers = NDArray[np.floating[Any]]


class Panel(Struct, frozen=True):
    """Entries and jurors in the order of their ids.

    `read` (entries x jurors): 1 where that juror scored that entry, else 0. `given` (the same shape): the score in
    points less `middle`, the mean of all scores, and 0 where there is none.
    """

    entries: tuple[str, ...]
    jurors: tuple[str, ...]
    read: Numbers
    given: Numbers
    middle: float

    @property
    def scores(self) -> int:
        """How many there are."""
        return int(self.read.sum())


def check(scores: Sequence[Score]) -> None:
    """Raises ScoreError: with the place of the first one that cannot be used, or with none where it is their number."""
    if not scores:
        raise ScoreError(None, "there are no scores")
    first: dict[tuple[str, str], int] = {}
    for place, each in enumerate(scores):
        if not (isfinite(each.score) and 0 <= each.score <= HIGHEST):
            raise ScoreError(place, f"the score {each.score:g} is not from 0 to {HIGHEST}")
        if first.setdefault((each.entry, each.juror), place) != place:
            raise ScoreError(place, f"the juror {each.juror} scores the entry {each.entry} a second time")
    for what, found, most in (
        ("entries", {each.entry for each in scores}, MOST_ENTRIES),
        ("jurors", {each.juror for each in scores}, MOST_JURORS),
    ):
        if len(found) > most:
            raise ScoreError(None, f"there are {len(found)} {what}; a ranking takes {most}")


def panel_of(scores: Iterable[Score]) -> Panel:
    """The panel of scores that `check` has passed. Sorted first, so that the order of the rows changes no digit."""
    ordered = sorted(scores)
    entries, jurors = (tuple(sorted({name(each) for each in ordered})) for name in (_entry, _juror))
    rows, columns = _places(entries), _places(jurors)
    at = [rows[each.entry] for each in ordered], [columns[each.juror] for each in ordered]
    points = np.array([each.score for each in ordered], dtype=np.float64)
    middle = float(points.mean())
    read, given = np.zeros((len(entries), len(jurors))), np.zeros((len(entries), len(jurors)))
    read[at], given[at] = 1, points - middle
    return Panel(entries, jurors, read, given, middle)


def _entry(score: Score) -> str:
    return score.entry


def _juror(score: Score) -> str:
    return score.juror


def _places(names: Sequence[str]) -> dict[str, Any]:
    return {name: place for place, name in enumerate(names)}
