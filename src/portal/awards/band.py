"""A ranking as a drawing: for each entry a band, a dot, a tick and the jurors' marks. Geometry alone, no words."""

from collections.abc import Sequence

from msgspec import Struct

from challenge.ranking.result import RankedEntry

WIDTH, HEIGHT = 320, 46
_MARGIN = 8.0
_HIGHEST, _STEP, _LEVELS = 26.0, 8.0, 3
"""Where marks stand, and how far below each other those that would hide one another."""


class Mark(Struct, frozen=True):
    """One juror's total, `points`; `kind`: which of the call's cities they judge for, from 0."""

    x: float
    y: float
    kind: int
    juror: int
    city: str
    points: float


class Row(Struct, frozen=True):
    """One entry: from `low` to `high` is one standard error to each side of `dot`; `raw`: the mean of the scores.

    Without a ranking there is no band and no dot.
    """

    raw: float
    low: float | None
    dot: float | None
    high: float | None
    marks: tuple[Mark, ...]


class Scored(Struct, frozen=True):
    """One juror's total, in points, and their city's place in the call, from 0, and name."""

    juror: int
    points: float
    kind: int
    city: str


def row(entry: RankedEntry, scored: Sequence[Scored]) -> Row:
    """The entry on the scale from 0 to 100 points; what lies outside stands at its end."""
    low = high = dot = None
    if entry.adjusted is not None and entry.standard_error is not None:
        low, high = _x(entry.adjusted - entry.standard_error), _x(entry.adjusted + entry.standard_error)
        dot = _x(entry.adjusted)
    return Row(_x(entry.raw), low, dot, high, _marks(scored))


def _marks(scored: Sequence[Scored]) -> tuple[Mark, ...]:
    """In the jurors' order; one that would hide another stands below it, as far as there is room."""
    made: list[Mark] = []
    for each in scored:
        x = _x(each.points)
        taken = {mark.y for mark in made if abs(mark.x - x) < _STEP}
        free = (_HIGHEST + level * _STEP for level in range(_LEVELS))
        y = next((height for height in free if height not in taken), _HIGHEST)
        made.append(Mark(x, y, each.kind, each.juror, each.city, each.points))
    return tuple(made)


def _x(points: float) -> float:
    inside = min(max(points, 0.0), 100.0)
    return round(_MARGIN + inside * (WIDTH - 2 * _MARGIN) / 100, 1)
