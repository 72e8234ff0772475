"""What we depend on: above the known-vulnerable versions, pinned by hash, and from no address that stands here."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import floors

ROOT = floors.ROOT
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
REGISTRY = re.compile(
    r"(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|(?:deb|archive)\.(?:debian|ubuntu)\.(?:org|com))"
)
INDEX = re.compile(r"^\s*(?:-i\b|-f\b|--(?:extra-)?index-url|--find-links|--trusted-host)", re.MULTILINE)


def test_nothing_locked_or_installed_is_known_to_be_vulnerable() -> None:
    assert floors.below(floors.everything(), floors.floors()) == []


def test_the_table_bites(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(floors.NPM_LOCK, tmp_path)
    base = tmp_path / "requirements" / "base.txt"
    base.write_text(re.sub(r"^litestar==\S+", "litestar==2.19.0", base.read_text(), flags=re.MULTILINE))
    bad = floors.below(floors.everything(tmp_path), floors.floors())
    assert {(one.where, one.package, one.version) for one, _ in bad} == {
        ("requirements/base.txt", "litestar", "2.19.0")
    }
    assert {"CVE-2026-48060", "CVE-2026-25479", "CVE-2026-25480"} <= {id_ for _, floor in bad for id_ in floor.ids}


@pytest.mark.parametrize("version", ["1.9.12", "3.0.0", "4.0.1"])
def test_the_table_bites_for_npm_from_below_and_above(version: str) -> None:
    lock = json.loads(floors.NPM_LOCK.read_text())
    lock["packages"]["node_modules/htmx.org"]["version"] = version
    bad = floors.below(floors.npm_pinned(json.dumps(lock), floors.NPM_LOCK.name), floors.floors())
    assert [(one.package, one.version) for one, _ in bad] == [("htmx.org", version)]


def test_every_floor_says_where_it_was_read_and_why_it_matters() -> None:
    for floor in floors.floors():
        assert floor.source.startswith("https://")
        assert floor.why.endswith(".")
        assert floor.ids or floor.why.startswith("Not an advisory: ")
    known = {(one.ecosystem, one.package) for one in floors.everything()}
    assert {(floor.ecosystem, floor.package) for floor in floors.floors()} <= known  # nothing that we no longer use


def test_an_exception_is_still_needed() -> None:
    for file, package in floors.exceptions():
        found = [one for one in floors.pinned((ROOT / file).read_text(), "elsewhere") if one.package == package]
        assert floors.below(found, floors.floors())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_by_hash_and_none_by_address(lock: Path) -> None:
    text = lock.read_text()
    requirements = [block for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE) if block.strip()]
    for requirement in requirements:
        assert re.match(r"[A-Za-z0-9._-]+(?:\[[^\]]*\])?==\S+", requirement), requirement[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", requirement), requirement[:80]
    assert requirements
    assert "://" not in text
    assert not INDEX.search(text)


def test_npm_assets_are_pinned_by_hash_and_none_by_address() -> None:
    packages = json.loads(floors.NPM_LOCK.read_text())["packages"]
    for path, package in packages.items():
        if path:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package


def test_no_registry_stands_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if file.is_file() and not file.is_symlink():
            found = REGISTRY.search(file.read_bytes().decode("utf-8", "ignore"))
            assert found is None, f"{name}: {found and found[0]}"
