"""The score over time as steps, in the units of a drawing: pure geometry, no words and no colours."""

from collections.abc import Sequence

from msgspec import Struct

from portal.assessments.history import Past

WIDTH, HEIGHT = 600, 200
_LAST_STEP = 60
"""The newest score is drawn on to the right by so much, so that it is seen as well."""


class Chart(Struct, frozen=True):
    """Points of polylines, as SVG wants them: `low` is what is sure, `high` what may be, `band` runs around both.

    `dots`: where each check stands on the line of what is sure, x and y.
    """

    low: str
    high: str
    band: str
    dots: tuple[tuple[float, float], ...]


def chart(history: Sequence[Past]) -> Chart | None:
    """The steps of at least two checks, the oldest first, at their moments; None where there are fewer."""
    if len(history) < 2:  # noqa: PLR2004 - one point makes no line
        return None
    places = _places(history)
    low = _steps(places, [past.score.low for past in history])
    high = _steps(places, [past.score.high for past in history])
    dots = tuple((place, _y(past.score.low)) for place, past in zip(places, history, strict=True))
    return Chart(_points(low), _points(high), _points([*high, *reversed(low)]), dots)


def _places(history: Sequence[Past]) -> list[float]:
    begin, end = history[0].when, history[-1].when
    whole = (end - begin).total_seconds() or 1.0
    return [round((WIDTH - _LAST_STEP) * (past.when - begin).total_seconds() / whole, 1) for past in history]


def _steps(places: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    """Each value holds until the next check."""
    ends = [*places[1:], float(WIDTH)]
    return [(x, _y(value)) for place, end, value in zip(places, ends, values, strict=True) for x in (place, end)]


def _y(value: float) -> float:
    return round(HEIGHT - value * HEIGHT / 100, 1)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
