"""Makes docs/compare.md of what is stored in docs/compare/: `python -m tools.compare_report`.

Nothing else goes in, so that the page can be made again anywhere. Ends with status 1 where a tool and we disagree and
explained.toml does not say why, or where it explains what is no disagreement.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.compare_readings import READERS, Reading

STORED = Path(__file__).resolve().parent.parent / "docs/compare"
_RESOLVER = ".53:53"
_QUOTE = 160
_HEAD = """# The same domains, seen by other tools

Made by `make compare` from the outputs in [compare/](compare/), which are stored as the tools wrote them, but for
certificate bodies, refused cipher suites, paths and other things of no account (`tools/compare_shrink.py`). The domains
are those of the test farm, {delay} ms of simulated round trip away. No other tool is a part of Kyberkunto; each stands
in an environment of its own.

## Time and connections

Seconds from start to end, and TCP connections: to the domain's servers, the highest number to one address and port
(`most`), and to the resolver. `load` is what the machine was busy with when the run began (2 processors).

| domain | run | version | date | seconds | connections | most | to the resolver | load |
| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
"""


class Unexplained(Exception):  # noqa: N818 - what it is, not that it is an error
    """Disagreements and explanations do not match."""


@dataclass(frozen=True, slots=True)
class Line:
    """One tool's reading beside our finding about the same thing."""

    domain: str
    run: str
    ours: Mapping[str, Any]
    reading: Reading

    @property
    def tool(self) -> str:
        """Whose reading it is."""
        return self.run.partition("-")[0]

    @property
    def agrees(self) -> bool:
        """The same verdict, where it gives one, and the same facts."""
        evidence, said = self.ours["evidence"], self.reading
        same = said.status in (None, self.ours["status"])
        return same and all(evidence[name] == value for name, value in said.facts.items() if name in evidence)

    @property
    def said_by_us(self) -> str:
        """Our verdict, and the facts that the other tool names as well."""
        evidence = self.ours["evidence"]
        facts = [f"{name} {_plain(evidence[name])}" for name in self.reading.facts if name in evidence]
        return ", ".join((f"{self.ours['status']} ({self.ours['outcome']})", *facts))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a tool says otherwise: `id` and `tool`, and `domain` where it holds for that one alone."""

    id: str
    tool: str
    right: str
    why: str
    domain: str | None = None

    def fits(self, line: Line) -> bool:
        """Whether it is about that line."""
        return (self.id, self.tool) == (line.reading.check_id, line.tool) and self.domain in (None, line.domain)


def _plain(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _read(file: Path) -> Any:  # noqa: ANN401 - whatever a tool wrote
    return json.loads(file.read_text())


def measured(stored: Path) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The figures of each run of each domain, in the order in which they were taken."""
    return {domain: _read(stored / domain / "measured.json") for domain in _read(stored / "order.json")["domains"]}


def lines(stored: Path, figures: Mapping[str, Mapping[str, object]]) -> Iterator[Line]:
    """Every reading about a thing that we have a finding for."""
    for domain, runs in figures.items():
        findings = {(one["id"], one["subject"]): one for one in _read(stored / domain / "kyberkunto.json")["findings"]}
        for run in runs:
            if run in READERS:
                for reading in READERS[run](_read(stored / domain / f"{run}.json")):
                    if ours := findings.get((reading.check_id, reading.subject)):
                        yield Line(domain, run, ours, reading)


def explained(found: Sequence[Line], explanations: Sequence[Explanation]) -> Mapping[Explanation, Sequence[Line]]:
    """The disagreements of each explanation. Raises Unexplained where one is missing, or is about nothing."""
    differing = [line for line in found if not line.agrees]
    wrong = [
        f"{line.domain}: {line.reading.check_id}, {line.run}: {line.said_by_us}, but {_said(line.reading)}"
        for line in differing
        if sum(one.fits(line) for one in explanations) != 1
    ]
    matches = {one: [line for line in differing if one.fits(line)] for one in explanations}
    wrong += [f"explained, but no disagreement: {one.id}, {one.tool}" for one, about in matches.items() if not about]
    if wrong:
        raise Unexplained("\n".join(wrong))
    return matches


def _said(reading: Reading) -> str:
    quote = reading.quote if len(reading.quote) <= _QUOTE else f"{reading.quote[:_QUOTE]}…"
    return f"{reading.status or 'no verdict'}: {quote}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _figures(figures: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[str]:
    for domain, runs in figures.items():
        for run, taken in runs.items():
            doors = _doors(taken)
            cells = (domain, run, taken["version"], taken["date"], f"{taken['seconds']:.1f}", sum(doors))
            asked = sum(taken["connections"].values()) - sum(doors)
            yield _row(*cells, max(doors, default=0), asked, taken["load"])
        others = [taken for run, taken in runs.items() if run != "kyberkunto"]
        seconds, count = sum(taken["seconds"] for taken in others), sum(sum(_doors(taken)) for taken in others)
        yield _row(domain, "**the others together**", "", "", f"{seconds:.1f}", count, "", "", "")


def _doors(taken: Mapping[str, Any]) -> list[int]:
    """How many connections went to each address and port of the domain's servers."""
    return [count for door, count in taken["connections"].items() if not door.endswith(_RESOLVER)]


def _row(*cells: object) -> str:
    return f"| {' | '.join(_cell(str(cell)) for cell in cells)} |\n"


def _answers(found: Sequence[Line]) -> Iterator[str]:
    agreed = sum(line.agrees for line in found)
    yield f"\n## Answers\n\n{len(found)} answers about the same things: {agreed} agree, {len(found) - agreed} differ.\n"
    yield "A tool that only states what it saw (`no verdict`) agrees where we saw the same.\n"
    for domain in dict.fromkeys(line.domain for line in found):
        yield f"\n### {domain}\n\n| finding | of | ours | tool | theirs | |\n| --- | --- | --- | --- | --- | --- |\n"
        order = {one: number for number, one in enumerate(dict.fromkeys(line.reading.check_id for line in found))}
        for line in sorted(
            (one for one in found if one.domain == domain), key=lambda one: (order[one.reading.check_id], one.run)
        ):
            mark = "agree" if line.agrees else "**differ**"
            cells = (line.reading.check_id, line.reading.subject, line.said_by_us, line.run, _said(line.reading), mark)
            yield _row(*cells)


def _explanations(matches: Mapping[Explanation, Sequence[Line]]) -> Iterator[str]:
    yield "\n## Where they differ, and why\n\nFrom [explained.toml](compare/explained.toml), by finding.\n"
    for one, about in sorted(matches.items(), key=lambda item: (item[0].id, item[0].tool, item[0].domain or "")):
        where = ", ".join(dict.fromkeys(line.domain for line in about))
        yield f"\n### {one.id}: {one.tool} ({where})\n\nRight: {one.right}. {one.why}\n"


def _beyond(stored: Path, notes: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """What only the others say; each note must be found in a stored output of its tool."""
    yield "\n## What only they say\n\n"
    for note in notes:
        files = stored.glob(f"*/{note['tool']}*.json")
        if not any(note["says"] in file.read_text() for file in files):
            raise Unexplained(f"no output of {note['tool']} says {note['says']!r}")
        yield f"- {note['tool']}: “{note['says']}”. {note['why']}\n"


def page(stored: Path = STORED) -> str:
    """The whole page. Raises Unexplained."""
    told = tomllib.loads((stored / "explained.toml").read_text())
    figures = measured(stored)
    found = tuple(lines(stored, figures))
    matches = explained(found, [Explanation(**one) for one in told["disagreement"]])
    parts = (_figures(figures), _answers(found), _explanations(matches), _beyond(stored, told["beyond"]))
    delay = _read(stored / "order.json")["round_trip_ms"]
    return _HEAD.format(delay=delay) + "".join(text for part in parts for text in part)


def main() -> None:
    """Writes the page, or says what is not explained."""
    try:
        text = page()
    except Unexplained as reason:
        sys.exit(str(reason))
    (STORED.parent / "compare.md").write_text(text)


if __name__ == "__main__":
    main()
