"""The comparison with other tools is what its stored outputs say, and every difference is explained."""

import shutil
from pathlib import Path

import pytest

from tools.compare_report import STORED, Unexplained, page
from tools.compare_shrink import smaller

EXPLAINED = "explained.toml"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A copy of what is stored."""
    return Path(shutil.copytree(STORED, tmp_path / "compare"))


def test_the_page_is_what_the_stored_outputs_say() -> None:
    assert (STORED.parent / "compare.md").read_bytes() == page().encode()


def test_a_difference_without_explanation_is_refused(stored: Path) -> None:
    first, entry, rest = (stored / EXPLAINED).read_text().partition("[[disagreement]]")
    _, _, others = rest.partition("[[disagreement]]")
    (stored / EXPLAINED).write_text(f"{first}{entry}{others}")
    with pytest.raises(Unexplained, match=r"\.test: "):
        page(stored)


def test_an_explanation_without_difference_is_refused(stored: Path) -> None:
    entry = '\n[[disagreement]]\nid = "dns.caa"\ntool = "checkdmarc"\nright = "us"\nwhy = "It never looks."\n'
    (stored / EXPLAINED).write_text((stored / EXPLAINED).read_text() + entry)
    with pytest.raises(Unexplained, match=r"no disagreement: dns\.caa, checkdmarc"):
        page(stored)


def test_a_quote_that_no_tool_said_is_refused(stored: Path) -> None:
    entry = '\n[[beyond]]\ntool = "checkdmarc"\nsays = "All is lost"\nwhy = "It is not."\n'
    (stored / EXPLAINED).write_text((stored / EXPLAINED).read_text() + entry)
    with pytest.raises(Unexplained, match="All is lost"):
        page(stored)


def test_what_is_stored_is_small_and_says_nothing_of_the_machine() -> None:
    outputs = {file: file.read_text() for file in STORED.rglob("*.json")}
    assert sum(len(text) for text in outputs.values()) < 1_000_000
    for text in outputs.values():
        for stranger in ("BEGIN CERTIFICATE", "/home/", "/root/", "/tmp/", "/usr/", "site-packages/sslyze/plugins"):  # noqa: S108 - no file is opened
            assert stranger not in text


def test_tracebacks_keep_their_files_but_no_folders() -> None:
    traceback = 'Traceback (most recent call last):\n  File "/somewhere/lib/sslyze/connection.py", line 1'
    assert smaller([{"error": traceback, "as_pem": "-"}]) == [
        {"error": 'Traceback (most recent call last):\n  File "connection.py", line 1'}
    ]
