"""The simulation's figure as an SVG, by hand: two lines over how much jurors differ, for light and dark pages."""

from collections.abc import Iterator, Sequence
from typing import Any

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 460, 50, 290
LOWEST, HIGHEST, STEP = 0.74, 0.88, 0.02
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #222; }
  .title { font-weight: 600; }
  .grid { stroke: #8884; }
  .mean, .adjusted { fill: none; stroke-width: 2.5; }
  .mean { stroke: #b04a00; stroke-dasharray: 7 4; }
  .adjusted { stroke: #0b62a8; }
  .dot-mean { fill: #b04a00; }
  .dot-adjusted { fill: #0b62a8; }
  @media (prefers-color-scheme: dark) {
    text { fill: #eee; }
    .mean { stroke: #ffab70; } .dot-mean { fill: #ffab70; }
    .adjusted { stroke: #79b8ff; } .dot-adjusted { fill: #79b8ff; }
  }
"""


def figure(rows: Sequence[dict[str, Any]]) -> str:
    """The SVG. `rows`: `juror_deviation` in points, and the accuracies `mean` and `adjusted`, from 0 to 1."""
    most = max(row["juror_deviation"] for row in rows)
    lines = (("mean", "mean of the scores"), ("adjusted", "adjusted"))
    parts = [*_frame(rows, most), *(part for name, label in lines for part in _line(rows, most, name, label))]
    last = rows[-1]
    found = f"at {most:g} points the mean has {last['mean']:.1%}, adjusted {last['adjusted']:.1%}"
    told = f"Pairs in the right order, by how much jurors differ: {found}."
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="told">'
    return "\n".join([head, f'<title id="told">{told}</title>', f"<style>{STYLE}</style>", *parts, "</svg>", ""])


def _across(deviation: float, most: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * deviation / most, 1)


def _down(accuracy: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (accuracy - LOWEST) / (HIGHEST - LOWEST), 1)


def _frame(rows: Sequence[dict[str, Any]], most: float) -> Iterator[str]:
    yield f'<text class="title" x="{LEFT}" y="26">Pairs of entries in the right order</text>'
    for number in range(round((HIGHEST - LOWEST) / STEP) + 1):
        height = _down(LOWEST + number * STEP)
        yield f'<path class="grid" d="M{LEFT} {height}H{RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{height + 5}" text-anchor="end">{LOWEST + number * STEP:.0%}</text>'
    for row in rows:
        place = _across(row["juror_deviation"], most)
        yield f'<text x="{place}" y="{BOTTOM + 22}" text-anchor="middle">{row["juror_deviation"]:g}</text>'
    middle = (LEFT + RIGHT) / 2
    below = "how much jurors differ: standard deviation, points"
    yield f'<text x="{middle}" y="{BOTTOM + 48}" text-anchor="middle">{below}</text>'


def _line(rows: Sequence[dict[str, Any]], most: float, name: str, label: str) -> Iterator[str]:
    places = [(_across(row["juror_deviation"], most), _down(row[name])) for row in rows]
    points = " ".join(f"{x},{y}" for x, y in places)
    yield f'<polyline class="{name}" points="{points}"/>'
    yield from (f'<circle class="dot-{name}" cx="{x}" cy="{y}" r="4"/>' for x, y in places)
    x, y = places[-1]
    yield f'<text x="{x + 12}" y="{y + 5}">{label}</text>'
