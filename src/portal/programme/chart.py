"""Counts as columns and bars, in the units of a drawing: pure geometry, no words and no colours."""

from collections.abc import Sequence

from msgspec import Struct

WIDTH, HEIGHT = 600, 160
_GAP = 0.25
"""Of a column's room, what stays empty."""
_WIDEST = 80.0


class Column(Struct, frozen=True):
    """One column, standing on the ground; a count that is hidden has no height."""

    x: float
    y: float
    width: float
    height: float


def columns(counts: Sequence[int | None]) -> tuple[Column, ...]:
    """A column for each count, the highest as high as the drawing."""
    if not counts:
        return ()
    most, room = max((count or 0 for count in counts), default=0) or 1, WIDTH / len(counts)
    width = min(room * (1 - _GAP), _WIDEST)
    made = []
    for place, count in enumerate(counts):
        height = round((count or 0) * HEIGHT / most, 1)
        x = round(place * room + (room - width) / 2, 1)
        made.append(Column(x, round(HEIGHT - height, 1), round(width, 1), height))
    return tuple(made)
