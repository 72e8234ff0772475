"""`kyberkunto context`, run as a program, and the setting that names what it made."""

from pathlib import Path

import pytest

from portal.assessments.context import figures
from tests.portal.assessments.context.test_eurostat import FOUND, TABLE
from tests.portal.commands.test_operating import kyberkunto


def test_download_becomes_a_file_that_the_portal_reads(tmp_path: Path) -> None:
    (tmp_path / "isoc_cisce_ra.tsv").write_text(TABLE, encoding="utf-8")
    made = tmp_path / "figures.csv"
    ended = kyberkunto("context", str(tmp_path / "isoc_cisce_ra.tsv"), str(made), "--fetched", "2026-11-23")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"5 figures (2019–2024) written to {made}. Name it in KYBERKUNTO_CONTEXT.\n"
    found = [(each.measure, each.share_percent, each.size, each.country, each.year) for each in figures.read(made)]
    assert sorted(found) == sorted(FOUND)


@pytest.mark.parametrize("more", [[], ["--fetched", "2999-01-01"], ["--fetched", "today"]])
def test_what_cannot_be_used_is_one_line_and_exit_code_2(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "page.html").write_text("<html>", encoding="utf-8")
    made = tmp_path / "figures.csv"
    ended = kyberkunto("context", str(tmp_path / "page.html"), str(made), *more)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert not made.exists()


def test_target_that_cannot_be_written_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "isoc_cisce_ra.tsv").write_text(TABLE, encoding="utf-8")
    ended = kyberkunto("context", str(tmp_path / "isoc_cisce_ra.tsv"), str(tmp_path / "nowhere" / "figures.csv"))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)


def test_portal_does_not_start_with_figures_that_make_no_sense(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("measure\nluck\n", encoding="utf-8")
    settings = {"KYBERKUNTO_VAR": str(tmp_path / "var"), "KYBERKUNTO_CONTEXT": str(tmp_path / "figures.csv")}
    ended = kyberkunto("serve", "--port", "0", **settings)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith("kyberkunto: KYBERKUNTO_CONTEXT: ")
