"""Writes the bill of materials of what runs: CycloneDX 1.6 in JSON (ECMA-424), to `var/sbom.cdx.json`.

    python -m tools.sbom [FILE]

Its list is `requirements/base.txt` as it holds on this machine (markers applied) and the npm assets of
`package-lock.json`. Licences come from what is installed. A component's hashes are those that the lock allows: one for
each file in which that version is published. No address of a registry is in it; a package URL names the kind of
registry alone.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "base.txt"
NPM_LOCK = ROOT / "package-lock.json"
TARGET = ROOT / "var" / "sbom.cdx.json"

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD Zero Clause License": "0BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "gpl-3.0.txt": "GPL-3.0-or-later",
}
"""What packages call a licence in other words than SPDX, where these mean one licence and no family of them."""

_licences = LicenseFactory()


class InvalidBomError(Exception):
    """What we wrote is no CycloneDX: a fault of ours."""


def locked(text: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Each requirement of a lock file that holds on this machine, with its SHA-256 hashes."""
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        if "==" in block:
            requirement = Requirement(block.partition("\\")[0].strip())
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement, _HASH.findall(block)


def licence_of(found: Distribution) -> License | None:
    """What the package says of its licence: an SPDX expression where it has one, otherwise its own words."""
    metadata = found.metadata
    if "License-Expression" in metadata:
        return _licences.make_from_string(metadata["License-Expression"])
    words = metadata["License"].strip() if "License" in metadata else ""
    classifiers = [one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier", []) if one.startswith("License")]
    names = [name for name in classifiers if name != "OSI Approved"]
    if (words and "\n" not in words) or not names:
        names = [words.partition("\n")[0]]  # of a whole licence, its title
    return _named(" / ".join(_SPDX.get(name, name) for name in names))


def python_components() -> Iterator[Component]:
    """What Python brings along to run."""
    for requirement, hashes in locked(LOCK.read_text("utf-8")):
        found = distribution(requirement.name)
        name = canonicalize_name(requirement.name)
        yield _component(
            name,
            found.version,
            "pypi",
            [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes],
            licence_of(found),
        )


def npm_components() -> Iterator[Component]:
    """What the pages and the report bring along."""
    for path, package in json.loads(NPM_LOCK.read_text("utf-8"))["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
            licence = package.get("license") or _licence_in(ROOT / path / "LICENSE")
            yield _component(
                name,
                package["version"],
                "npm",
                [HashType(alg=HashAlgorithm.SHA_512, content=digest)],
                _named(licence),
            )


def bill() -> Bom:
    """Ourselves, and everything that we run with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ourselves = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        bom_ref=project["name"],
        description=project["description"],
        licenses=[_licences.make_from_string(project["license"])],
    )
    bom = Bom(components=[*python_components(), *npm_components()])
    bom.metadata.component = ourselves
    bom.register_dependency(ourselves, bom.components)
    return bom


def text_of(bom: Bom) -> str:
    """The bill as JSON. Raises InvalidBomError where it does not keep to the schema, which is at hand offline."""
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise InvalidBomError(str(error.data)[:500])
    return text


def _component(name: str, version: str, kind: str, hashes: list[HashType], licence: License | None) -> Component:
    url = PackageURL(type=kind, name=name, version=version)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        bom_ref=str(url),
        purl=url,
        hashes=hashes,
        licenses=[licence] if licence else [],
    )


def _named(words: str) -> License | None:
    return _licences.make_from_string(_SPDX.get(words, words)) if words else None


def _licence_in(file: Path) -> str:
    """The title of a licence file, for the one package whose lock entry names none."""
    return file.read_text("utf-8").strip().partition("\n")[0].strip()


def main(arguments: list[str]) -> None:
    """Writes the file, and says what is in it."""
    target = Path(arguments[0]) if arguments else TARGET
    bom = bill()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text_of(bom) + "\n", "utf-8")
    print(f"{len(bom.components)} components in {target.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
