"""`kyberkunto ranking` from a file to its document."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from challenge.ranking.ranking import FIXED, rank
from challenge.ranking.result import Score
from portal import cli
from tests.challenge.scoring import panel, textbook
from tests.portal.commands import running

SCORES = panel(12, 6, 3, seed=4)
GIVEN = "error=49,entry=64,juror=25"
ENTRY = {"entry", "rank", "raw", "adjusted", "standard_error", "p_above_next", "p_top_k", "reads"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: its exit code, what it printed, and what it complained about."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        code = cli.main(["ranking", *map(str, arguments)])
        return code, *capsys.readouterr()

    return ran


def kept(folder: Path, scores: list[Score]) -> Path:
    rows = "".join(f"{each.entry},{each.juror},{each.score!r}\n" for each in scores)
    path = folder / "scores.csv"
    path.write_text(f"entry,juror,score\n{rows}", encoding="utf-8")
    return path


def ranked(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    assert set(found) == {"mean", "variances", "connected", "entries", "jurors"}
    assert all(set(each) == ENTRY for each in found["entries"])
    assert all(set(each) == {"juror", "severity", "reads"} for each in found["jurors"])
    return found


def test_the_document_tells_the_ranking(run: Run, tmp_path: Path) -> None:
    found = ranked(run, kept(tmp_path, SCORES), "--variances", GIVEN, "--top", 3)
    expected = textbook(SCORES, FIXED)
    assert found["variances"] == {"error": 49.0, "entry": 64.0, "juror": 25.0}
    assert found["connected"] is True
    assert found["mean"] == pytest.approx(expected.mean)
    adjusted = {each["entry"]: each["adjusted"] for each in found["entries"]}
    assert [adjusted[name] for name in sorted(adjusted)] == pytest.approx([*expected.adjusted])
    severity = {each["juror"]: each["severity"] for each in found["jurors"]}
    assert [severity[name] for name in sorted(severity)] == pytest.approx([*expected.severity])
    assert [each["rank"] for each in found["entries"]] == list(range(1, 13))
    assert [each["p_above_next"] for each in found["entries"]].index(None) == 11
    assert sum(each["p_top_k"] for each in found["entries"]) == pytest.approx(3)
    assert sum(each["reads"] for each in found["entries"]) == len(SCORES)


def test_variances_are_estimated_and_rerun_from_the_document(run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path, SCORES)
    found = ranked(run, file)
    assert {each["p_top_k"] for each in found["entries"]} == {None}
    variances = ",".join(f"{name}={value!r}" for name, value in found["variances"].items())
    assert ranked(run, file, "--variances", variances) == found


def test_too_few_scores_have_the_fixed_variances(run: Run, tmp_path: Path) -> None:
    found = ranked(run, kept(tmp_path, panel(6, 4, 3, seed=1)))
    assert found["variances"] == {"error": 49.0, "entry": 64.0, "juror": 25.0}


def test_what_is_not_connected_is_told_and_not_ranked(run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path, [Score("a", "j", 50), Score("b", "k", 60)])
    found = ranked(run, file, "--top", 1)
    assert found["connected"] is False
    assert (found["mean"], found["variances"]) == (None, None)
    assert {(each["rank"], each["adjusted"], each["p_top_k"]) for each in found["entries"]} == {(None, None, None)}
    assert [each["raw"] for each in found["entries"]] == [50, 60]
    code, out, _ = run(file)
    assert code == 0
    assert "The panel is not connected" in out
    assert "Rank" not in out


def test_the_text_shows_raw_and_adjusted_and_where_the_jury_decides(run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path, SCORES)
    found = rank(SCORES, top=3)
    code, out, err = run(file, "--top", 3)
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()[3 : 3 + len(found.entries)]]
    for row, each in zip(rows, found.entries, strict=True):
        assert row[:5] == [
            f"{each.rank}",
            each.entry,
            f"{each.adjusted:.1f}",
            f"{each.standard_error:.1f}",
            f"{each.raw:.1f}",
        ]
        assert (row[-3:] == ["the", "jury", "decides"]) == ((each.p_above_next or 1) < 0.6)
    assert "estimated from these scores" in out
    assert "the published ones" in run(kept(tmp_path, panel(6, 4, 3, seed=1)))[1]


def test_ids_that_look_like_formulas_or_steer_a_terminal_are_text(run: Run, tmp_path: Path) -> None:
    file = kept(tmp_path, [Score("=1+1", "@j", 50), Score("\x1b[31mred", "@j", 60)])
    assert [each["entry"] for each in ranked(run, file)["entries"]] == ["\x1b[31mred", "=1+1"]
    out = run(file)[1]
    assert "\x1b" not in out
    assert "[31mred" in out
    assert "=1+1" in out


@pytest.mark.parametrize(
    ("rows", "code", "told"),
    [
        ("a,j,50\na,j,60", "unusable-row", "row 3: the juror j scores the entry a a second time"),
        ("a,j,5o", "unusable-row", "row 2: the score 5o is not a number"),
        ("a,j,NaN", "unusable-row", "row 2: the score NaN is not a number"),
        ("a,j,101", "unusable-row", "row 2: the score 101 is not from 0 to 100"),
        ("", "unusable-table", "cannot be used: it has no rows below its header"),
    ],
)
def test_bad_rows_are_one_clear_line(run: Run, tmp_path: Path, rows: str, code: str, told: str) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(f"entry,juror,score\n{rows}", encoding="utf-8")
    status, out, err = run(file, "--json")
    message = f"{file}, {told}" if told.startswith("row") else f"{file} {told}"
    assert (status, err) == (2, f"kyberkunto: {message}\n")
    assert json.loads(out) == {"error": {"code": code, "message": message}}


@pytest.mark.parametrize("name", ["", "nowhere.csv", "a\0b", "x" * 300])
def test_a_file_that_cannot_be_read_is_one_clear_line(run: Run, tmp_path: Path, name: str) -> None:
    status, out, err = run(tmp_path / name, "--json")
    assert (status, err.count("\n")) == (2, 1)
    assert json.loads(out)["error"]["code"] == "file-not-readable"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--top", 0),
        ("--top", "many"),
        ("--variances", "49,64,25"),
        ("--variances", "error=49,entry=64"),
        ("--variances", "error=49,entry=64,juror=25,error=3"),
        ("--variances", "error=0,entry=64,juror=25"),
        ("--variances", "error=49,entry=-1,juror=25"),
        ("--variances", "error=49,entry=nan,juror=25"),
        ("--variances", "error=49,entry=64,jury=25"),
    ],
)
def test_options_that_make_no_sense_are_refused(run: Run, tmp_path: Path, arguments: tuple[object, ...]) -> None:
    status, out, err = run(kept(tmp_path, SCORES), *arguments, "--json")
    assert (status, err.count("\n")) == (2, 1)
    assert json.loads(out)["error"]["code"] == "usage"


def test_scores_come_from_standard_input_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"entry,juror,score\na,j,50\n")))
    assert ranked(run, "-")["entries"][0]["rank"] == 1


async def test_it_runs_as_a_program(tmp_path: Path) -> None:
    ran = await running.run("ranking", str(kept(tmp_path, SCORES)), "--json")
    assert (ran.code, ran.err) == (0, "")
    assert [each["rank"] for each in json.loads(ran.out)["entries"]] == list(range(1, 13))
