"""`kyberkunto assignment` from its files to its document."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import cli
from tests.portal.commands import running

CITIES = ("Helsinki", "Espoo", "Berlin")
ENTRIES = "entry,city,organisation\n" + "".join(f"e{i:02},{CITIES[i % 3]},firm {i}\n" for i in range(12))
JURORS = "juror,city,organisation,max_reads\n" + "".join(f"j{j},{CITIES[j % 3]},house {j},\n" for j in range(6))

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The command in this process on files with these texts: its exit code, its output, and its complaint."""

    def ran(
        *arguments: object, entries: str = ENTRIES, jurors: str = JURORS, conflicts: str = ""
    ) -> tuple[int, str, str]:
        texts = {"entries.csv": entries, "jurors.csv": jurors, "conflicts.csv": conflicts}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        more = ["--conflicts", str(tmp_path / "conflicts.csv")] if conflicts else []
        files = [str(tmp_path / "entries.csv"), str(tmp_path / "jurors.csv")]
        code = cli.main(["assignment", *files, *more, *map(str, arguments)])
        return code, *capsys.readouterr()

    return ran


def assigned(run: Run, *arguments: object, **texts: str) -> dict[str, Any]:
    code, out, err = run(*arguments, "--json", **texts)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    assert set(found) == {"assignments", "loads"}
    assert all(set(each) == {"entry", "juror"} for each in found["assignments"])
    return found


def refused(run: Run, *arguments: object, **texts: str) -> tuple[str, str]:
    """The code, and the one line."""
    code, out, err = run(*arguments, "--json", **texts)
    assert (code, err.count("\n")) == (2, 1)
    error = json.loads(out)["error"]
    assert err == f"kyberkunto: {error['message']}\n"
    return error["code"], error["message"]


def test_the_document_tells_who_reads_what(run: Run) -> None:
    found = assigned(run)
    assert Counter(each["entry"] for each in found["assignments"]) == {f"e{i:02}": 3 for i in range(12)}
    assert Counter(each["juror"] for each in found["assignments"]) == found["loads"] == {f"j{j}": 6 for j in range(6)}
    home = Counter(
        each["entry"] for each in found["assignments"] if int(each["entry"][1:]) % 3 == int(each["juror"][1:]) % 3
    )
    assert max(home.values()) <= 1


def test_the_order_of_rows_and_columns_changes_nothing(run: Run) -> None:
    def turned(text: str) -> str:
        header, *rows = (",".join(reversed(line.split(","))) for line in text.splitlines())
        return "\r\n".join((header, *reversed(rows)))

    assert assigned(run, entries=turned(ENTRIES), jurors=f"\ufeff{turned(JURORS)}") == assigned(run)


def test_options_and_conflicts_are_heeded(run: Run) -> None:
    conflicts = "entry,juror\ne00,j1\ne00,j2\ne00,j2\n"
    found = assigned(run, "--reads", 2, "--home-city-limit", 0, conflicts=conflicts)
    panels: dict[str, set[str]] = {}
    for each in found["assignments"]:
        panels.setdefault(each["entry"], set()).add(each["juror"])
    assert panels["e00"] == {"j4", "j5"}
    assert {len(readers) for readers in panels.values()} == {2}
    assert found == assigned(run, "--reads", 2, "--home-city-limit", 0, conflicts=conflicts)


def test_the_same_organisation_and_maxima_are_heeded(run: Run) -> None:
    jurors = JURORS.replace("j0,Helsinki,house 0,", "j0,Helsinki,FIRM  7,4")
    found = assigned(run, jurors=jurors)
    assert {"entry": "e07", "juror": "j0"} not in found["assignments"]
    assert found["loads"]["j0"] == 4
    assert assigned(run, conflicts="entry,juror\n") == assigned(run)


def test_the_text_shows_panels_and_loads(run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "12 entries, 6 jurors, 36 reads"
    readers = sorted(each["juror"] for each in assigned(run)["assignments"] if each["entry"] == "e00")
    assert lines[2] == f"e00: {', '.join(readers)}"
    assert lines[-1].split() == ["j5", "6"]


def test_entries_that_cannot_be_read_enough_are_named(run: Run) -> None:
    conflicts = "entry,juror\n" + "".join(f"e04,j{j}\n" for j in range(4))
    code, message = refused(run, conflicts=conflicts)
    assert code == "unreadable-entries"
    assert message == "3 jurors are to read each entry, and fewer may read: e04 (2)"


def test_reads_needed_and_available_are_told(run: Run) -> None:
    code, message = refused(run, jurors=JURORS.replace(",\n", ",5\n"))
    assert (code, message) == ("too-few-reads", "36 reads are needed, 30 are available")


def test_a_panel_that_cannot_be_connected_is_refused(run: Run) -> None:
    code, message = refused(run, "--reads", 1)
    assert code == "unconnected-panel"
    assert message.startswith("17 reads are needed to link all entries and jurors, 12 are available")


@pytest.mark.parametrize(
    ("texts", "code", "told"),
    [
        (
            {"entries": ENTRIES + "e03,Oslo,x\n"},
            "unusable-row",
            "row 14: the entry e03 stands a second time (first in row 5)",
        ),
        (
            {"jurors": JURORS + "j1,Oslo,x,\n"},
            "unusable-row",
            "row 8: the juror j1 stands a second time (first in row 3)",
        ),
        (
            {"jurors": JURORS + "j9,Oslo,x,-1\n"},
            "unusable-row",
            "row 8: the max_reads -1 is not a whole number from 0 up",
        ),
        (
            {"jurors": JURORS + "j9,Oslo,x,2.5\n"},
            "unusable-row",
            "row 8: the max_reads 2.5 is not a whole number from 0 up",
        ),
        ({"entries": ENTRIES + ",Oslo,x\n"}, "unusable-row", "row 14: the column entry is empty"),
        ({"conflicts": "entry,juror\ne00,j77\n"}, "unusable-row", "row 2: there is no juror j77"),
        ({"conflicts": "entry\ne00\n"}, "unusable-table", "does not name the column juror"),
        ({"entries": "entry,city,organisation\n"}, "unusable-table", "it has no rows below its header"),
        ({"jurors": ""}, "unusable-table", "it is empty"),
    ],
)
def test_bad_rows_are_one_clear_line(run: Run, texts: dict[str, str], code: str, told: str) -> None:
    found, message = refused(run, **texts)
    assert found == code
    assert told in message


@pytest.mark.parametrize("arguments", [("--reads", 0), ("--home-city-limit", -1), ("--reads", "x")])
def test_options_that_make_no_sense_are_refused(run: Run, arguments: tuple[object, ...]) -> None:
    assert refused(run, *arguments)[0] == "usage"


def test_only_one_file_can_be_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["assignment", "-", "jurors.csv", "--conflicts", "-"]) == 2
    assert capsys.readouterr().err == "kyberkunto: only one of the files can be standard input\n"


async def test_it_runs_as_a_program(tmp_path: Path) -> None:
    for name, text in (("entries.csv", ENTRIES), ("jurors.csv", JURORS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    ran = await running.run("assignment", str(tmp_path / "entries.csv"), str(tmp_path / "jurors.csv"), "--json")
    assert (ran.code, ran.err) == (0, "")
    assert len(json.loads(ran.out)["assignments"]) == 36
    missing = await running.run("assignment", str(tmp_path / "entries.csv"), str(tmp_path / "nobody.csv"))
    assert (missing.code, missing.out) == (2, "")
