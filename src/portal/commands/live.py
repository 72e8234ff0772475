"""A check on a terminal: findings as they come, and each topic for good once it is complete."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.live import Live as Screen
from rich.padding import Padding
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from checks.contract import Finding
from checks.evidence.lookups import Vantage
from portal.assessments.outline import Sign, lanes
from portal.commands.telling import Role, Row, Teller, clean

_COLOURS = {
    Sign.FIX_NOW: "bold red",
    Sign.FIX_LATER: "bold yellow",
    Sign.FINE: "green",
    Sign.UNKNOWN: "bold cyan",
    Sign.NOT_YOURS: "dim",
}
_STYLES = {
    Role.TITLE: "bold",
    Role.HEADING: "bold underline",
    Role.VERDICT: "bold",
    Role.WHY: "dim",
    Role.EFFORT: "dim",
    Role.TO_COPY: "bold",
}
_INDENTS = {Role.EFFORT: 4, Role.STEP: 4}
_REST = 4
"""Lines of the terminal that the running list leaves free."""


class Live:
    """Unfinished topics stand below the progress line, one line for each finding; finished ones above it in full."""

    def __init__(self, domain: str, language: str) -> None:
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._teller = Teller(domain, language)
        self._width = self._teller.label_width
        self._found: list[Finding] = []
        self._shown: set[str] = set()
        self._screen = Screen(console=self._console, transient=True, refresh_per_second=8)
        self._spinner = Spinner("dots")

    def begin(self) -> None:
        """Shows the title and the progress line."""
        self._print([self._teller.title()])
        self._screen.start()
        self._refresh()

    def add(self, finding: Finding) -> None:
        """Findings of one check come in a row: only when the next check speaks is its topic surely complete."""
        if self._found and self._found[-1].id != finding.id:
            self._print_complete()
        self._found.append(finding)
        self._refresh()

    def end(self, findings: Sequence[Finding], vantage: Vantage) -> None:
        """Prints what is not printed yet, and the verdict."""
        self._found = list(findings)
        self._screen.stop()
        for lane in lanes(self._found):
            self._print_topic(lane.topic)
        self._print(self._teller.summary(self._found, vantage))

    def close(self) -> None:
        """Takes the progress line away."""
        self._screen.stop()

    def _print_complete(self) -> None:
        for lane in lanes(self._found):
            if lane.done == lane.total:
                self._print_topic(lane.topic)

    def _print_topic(self, topic: str) -> None:
        if topic not in self._shown:
            self._shown.add(topic)
            self._print(self._teller.topic(topic, self._found))

    def _refresh(self) -> None:
        self._spinner.update(text=self._teller.progress(self._found))
        waiting = [finding for finding in self._found if finding.topic not in self._shown]
        room = max(self._console.height - _REST, 1)
        rows = [_one_line(self._teller.headline(finding), self._width) for finding in waiting[-room:]]
        self._screen.update(Group(self._spinner, *rows), refresh=True)

    def _print(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._console.print(_laid_out(row, self._width), soft_wrap=row.role is Role.TO_COPY)


def _one_line(row: Row, width: int) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(row.label.ljust(width), _colour(row))
    line.append(f"  {clean(row.text)}")
    return line


def _laid_out(row: Row, width: int) -> RenderableType:
    text = Text(clean(row.text), _STYLES.get(row.role, ""))
    if row.role is Role.TO_COPY:
        return Text("      ").append_text(text)
    if row.role is Role.FINDING:
        return _beside(Text(row.label, _colour(row)), text, width)
    indent = width + 2 if row.role is Role.WHY else _INDENTS.get(row.role, 0)
    label = Text(row.label, "bold")
    return Padding(_beside(label, text, len(row.label)) if row.label else text, (0, 0, 0, indent))


def _beside(label: Text, text: Text, width: int) -> Table:
    """The label in a column of its own, so that broken lines stay aligned."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=width)
    grid.add_column(ratio=1)
    grid.add_row(label, text)
    return grid


def _colour(row: Row) -> str:
    return _COLOURS[row.sign] if row.sign else ""
