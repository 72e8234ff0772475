"""docs/security.md: each requirement of ASVS 5.0.0, levels 1 and 2, once; what it names is there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LEVELS = dict(line.split() for line in (TESTS / "asvs-5.0.0-ids.txt").read_text().splitlines())
STATES = ("met", "partly", "not yet", "n/a")
SECTIONS = set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))
_NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as the page tells it."""

    id: str
    asks: str
    state: str
    where: str
    held_by: str

    @property
    def documents(self) -> bool:
        """Whether something is to be written down: each chapter's first section, but for the first chapter's."""
        return re.match(r"v5\.0\.0-(?!1\.)\d+\.1\.", self.id) is not None

    def named(self) -> list[str]:
        """What it names: modules, files, settings, commands, tests."""
        return _NAMED.findall(f"{self.where} {self.held_by}")


def _rows() -> Iterator[Row]:
    for line in PAGE.splitlines():
        if line.startswith("| v5.0.0-"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            assert len(cells) == 5, line
            yield Row(*cells)


ROWS = list(_rows())


@cache
def names_in(file: str) -> set[str]:
    """The names of the tests in that file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def stands(name: str) -> bool:
    """Whether there is what a row names."""
    if "::" in name:
        file, _, test = name.partition("::")
        return (TESTS / file).is_file() and test in names_in(file)
    if name.startswith("make "):
        return f"\n{name.removeprefix('make ')}:" in (ROOT / "Makefile").read_text()
    if name.startswith("KYBERKUNTO_"):
        return f"`{name}`" in (ROOT / "docs" / "settings.md").read_text()
    if "/" in name or name.endswith(".md"):
        return (ROOT / name).is_file()
    path = name.replace(".", "/")
    return any((ROOT / base / f"{path}{end}").is_file() for base in ("src", ".") for end in (".py", "/__init__.py"))


NO_PLACE = {"/health", "/ready", "noindex", "nosniff", "no-store", "novalidate", "default-src 'none'", "secrets", "{}"}
"""Words of the web, of Python and of SQL, which are no places of ours."""


def test_every_requirement_of_both_levels_stands_there_once() -> None:
    assert len(LEVELS) == 253
    assert Counter(LEVELS.values()) == {"1": 70, "2": 183}
    assert [row.id for row in ROWS] == list(LEVELS)


def test_every_row_says_its_state_and_why() -> None:
    for row in ROWS:
        assert row.state in STATES, row
        assert row.asks, row
        assert row.where, row


def test_whatever_is_met_names_its_place_and_its_test() -> None:
    for row in ROWS:
        if row.state != "met":
            continue
        tests = [name for name in _NAMED.findall(row.held_by) if "::" in name or name.startswith("make ")]
        places = [name for name in _NAMED.findall(row.where) if name not in NO_PLACE]
        if row.documents and "docs/security.md" in row.where:
            section = re.search(r"`docs/security\.md`, ([^;]+)", row.where)
            assert section is not None, row
            assert any(title.startswith(section[1]) for title in SECTIONS), row
        elif not tests:
            assert places, row
            assert row.documents, row


@pytest.mark.parametrize("row", [row for row in ROWS if row.named()], ids=lambda row: row.id)
def test_everything_named_is_there(row: Row) -> None:
    for name in row.named():
        assert name in NO_PLACE or stands(name), name


def test_what_is_not_there_is_seen() -> None:
    for name in ("portal.nothing", "test_sbom.py::test_nothing", "nothing.py::test", "make nothing", "docs/nothing.md"):
        assert not stands(name)


def test_the_figures_are_right() -> None:
    counted = Counter(row.state for row in ROWS)
    for state in STATES:
        assert f"| {state} | {counted[state]} |" in PAGE
