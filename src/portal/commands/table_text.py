"""A table for a terminal: columns as wide as what stands in them, numbers to the right."""

from collections.abc import Iterable, Sequence

from portal.commands.usage import one_line

_WIDEST = 40
_APART = "  "


def table(header: Sequence[str], rows: Iterable[Sequence[str]], to_the_left: Iterable[int] = ()) -> list[str]:
    """The header and the rows, a line each. `to_the_left`: columns of words, by their place; all others are numbers."""
    cells = [[_fitted(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    left = set(to_the_left)
    return [
        _APART.join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _fitted(text: str) -> str:
    """One line, without what could steer a terminal: ids are strangers' words."""
    line = one_line(text)
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"
