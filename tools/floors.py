"""Holds lock files and what is installed against the known-vulnerable versions of `requirements/floors.toml`.

    python -m tools.floors      # prints what is below a floor, and then ends with 1

The lock files are read as text: what is not installed here (another platform's, the tools of `make compare`) counts
too.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "requirements" / "floors.toml"
NPM_LOCK = ROOT / "package-lock.json"

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Floor:
    """From which version on a package is taken, and, where `below` is not empty, up to which one."""

    package: str
    ecosystem: str
    floor: str
    ids: tuple[str, ...]
    source: str
    why: str
    below: str = ""

    def allows(self, version: str) -> bool:
        """Whether that version is none of the known-vulnerable ones."""
        found = Version(version)
        return found >= Version(self.floor) and not (self.below and found >= Version(self.below))


@dataclass(frozen=True, slots=True)
class Found:
    """One version of one package, and the file (or `installed`) where it stands."""

    where: str
    ecosystem: str
    package: str
    version: str


def floors() -> list[Floor]:
    """The table."""
    return [
        Floor(**{**entry, "ids": tuple(entry["ids"])}) for entry in tomllib.loads(TABLE.read_text("utf-8"))["floor"]
    ]


def exceptions() -> set[tuple[str, str]]:
    """Files and packages that the table leaves alone, each with its reason there."""
    return {(entry["file"], entry["package"]) for entry in tomllib.loads(TABLE.read_text("utf-8"))["exception"]}


def pinned(text: str, where: str) -> Iterator[Found]:
    """What a requirements file pins."""
    for match in _PINNED.finditer(text):
        yield Found(where, "pypi", canonicalize_name(match["name"]), match["version"])


def npm_pinned(text: str, where: str) -> Iterator[Found]:
    """What an npm lock file pins (lockfileVersion 3)."""
    for path, package in json.loads(text)["packages"].items():
        if path:
            yield Found(where, "npm", path.rpartition("node_modules/")[2], package["version"])


def everything(root: Path = ROOT) -> Iterator[Found]:
    """All that the repository's lock files pin, and all that is installed beside this program."""
    for file in sorted((root / "requirements").glob("*.txt")):
        yield from pinned(file.read_text("utf-8"), file.relative_to(root).as_posix())
    yield from npm_pinned((root / NPM_LOCK.name).read_text("utf-8"), NPM_LOCK.name)
    for one in distributions():
        yield Found("installed", "pypi", canonicalize_name(one.name), one.version)


def below(found: Iterable[Found], table: Iterable[Floor]) -> list[tuple[Found, Floor]]:
    """What is known to be vulnerable, with the entry that says so."""
    by_package: dict[tuple[str, str], list[Floor]] = {}
    for floor in table:
        by_package.setdefault((floor.ecosystem, floor.package), []).append(floor)
    left_alone = exceptions()
    return [
        (one, floor)
        for one in found
        if (one.where, one.package) not in left_alone
        for floor in by_package.get((one.ecosystem, one.package), ())
        if not floor.allows(one.version)
    ]


def main() -> int:
    """Prints a line for each; returns the exit status."""
    bad = below(everything(), floors())
    for one, floor in bad:
        bound = f">={floor.floor}" + (f",<{floor.below}" if floor.below else "")
        print(f"{one.where}: {one.package} {one.version} must be {bound} ({', '.join(floor.ids) or floor.why})")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
