"""The bill of materials is valid CycloneDX, and names everything that runs, under which licence and by which hash."""

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name

from tools import floors, sbom


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `make sbom` writes."""
    file = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    sbom.main([str(file)])
    read: dict[str, Any] = json.loads(file.read_text())
    return read


def test_it_keeps_to_the_published_schema(bill: dict[str, Any]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")


def test_what_breaks_the_schema_is_seen(bill: dict[str, Any]) -> None:
    broken = {**bill, "components": [{"name": "no type"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken)) is not None


def test_it_names_every_package_of_the_locks_that_runs_here(bill: dict[str, Any]) -> None:
    named = {(one["purl"].split("/")[0], one["name"], one["version"]) for one in bill["components"]}
    python = {
        ("pkg:pypi", canonicalize_name(one.name), str(one.specifier).removeprefix("=="))
        for one, _ in sbom.locked(sbom.LOCK.read_text())
    }
    npm = {("pkg:npm", one.package, one.version) for one in floors.npm_pinned(sbom.NPM_LOCK.read_text(), "here")}
    assert named == python | npm
    assert len(python) > 60
    assert {"litestar", "weasyprint", "cryptography", "piccolo"} <= {name for _, name, _ in python}


def test_what_is_left_out_is_for_other_machines(bill: dict[str, Any]) -> None:
    locked = {one.package for one in floors.pinned(sbom.LOCK.read_text(), "here")}
    left_out = locked - {one["name"] for one in bill["components"]}
    assert left_out <= {"brotlicffi", "colorama", "tzdata"}


def test_each_has_its_licence_and_hashes(bill: dict[str, Any]) -> None:
    for one in bill["components"]:
        assert one["hashes"], one["name"]
        assert one["licenses"], one["name"]
    by_name = {one["name"]: one["licenses"][0] for one in bill["components"]}
    assert by_name["msgspec"]["license"]["id"] == "BSD-3-Clause"
    assert by_name["htmx-ext-sse"]["license"]["id"] == "0BSD"
    assert by_name["cryptography"]["expression"] == "Apache-2.0 OR BSD-3-Clause"


def test_ourselves_are_what_it_is_about(bill: dict[str, Any]) -> None:
    ours = bill["metadata"]["component"]
    assert (ours["name"], ours["licenses"][0]["license"]["id"]) == ("kyberkunto", "EUPL-1.2")
    [ourselves] = [one for one in bill["dependencies"] if one["ref"] == ours["bom-ref"]]
    assert len(ourselves["dependsOn"]) == len(bill["components"])


def test_it_names_no_registry_and_no_path_of_this_machine(bill: dict[str, Any]) -> None:
    text = json.dumps(bill)
    assert str(Path.cwd()) not in text
    assert "pythonhosted" not in text
    assert "npmjs" not in text
