"""The version lock: answers are kept with the version they were given to, so a version's content never changes."""

import hashlib
from pathlib import Path

import msgspec
import tomli

from portal.assessments.catalogue import HERE, Catalogue

LOCK = HERE / "digests.toml"


def digest(catalogue: Catalogue) -> str:
    """SHA-256, in hexadecimal, of all that the catalogue asks and advises, as JSON with its keys sorted.

    Comments and the order of keys in the files do not count; every word, figure and answer does.
    """
    return hashlib.sha256(msgspec.json.encode(catalogue, order="sorted")).hexdigest()


def recorded(path: Path = LOCK) -> dict[str, str]:
    """The digest of every version there has been, by version."""
    return {str(version): str(value) for version, value in tomli.loads(path.read_text(encoding="utf-8")).items()}
