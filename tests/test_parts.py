"""`tools/test` runs the tests in parts: a folder that stands in none of them would be forgotten without a word."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PART = re.compile(r'^  "(\w+) (tests[^"]*)"$', re.MULTILINE)


def test_every_test_is_in_one_part() -> None:
    parts = dict(PART.findall((ROOT / "tools/test").read_text()))
    found = Counter(file for words in parts.values() for file in _files(words.split()))
    assert found == Counter((ROOT / "tests").rglob("test_*.py"))


def _files(words: list[str]) -> set[Path]:
    ignored = [ROOT / word.removeprefix("--ignore=") for word in words if word.startswith("--ignore=")]
    named = [path for word in words if not word.startswith("--") for path in ROOT.glob(word)]
    files = {file for path in named for file in ([path] if path.is_file() else path.rglob("test_*.py"))}
    return {file for file in files if not any(file.is_relative_to(each) for each in ignored)}
