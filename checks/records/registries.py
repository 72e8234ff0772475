"""Domain registries: who tells about a registration, and where anybody may make one (see registries.toml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli
from msgspec import Struct

_TABLE = Path(__file__).parent / "registries.toml"


class Registries(Struct, frozen=True):
    """The table. `services`: the base URL of the RDAP service of each top-level domain (RFC 9224, section 4)."""

    services: Mapping[str, str]
    silent: frozenset[str]
    open: frozenset[str]
    closed: frozenset[str]


@cache
def registries() -> Registries:
    """The table that comes with us."""
    raw = tomli.loads(_TABLE.read_text(encoding="utf-8"))
    return Registries(
        services={tld: url for url, tlds in raw["services"].items() for tld in tlds},
        silent=frozenset(raw["silent"]["tlds"]),
        open=frozenset(raw["open"]["names"]),
        closed=frozenset(raw["closed"]["tlds"]),
    )


def is_open_to_all(name: str) -> bool:
    """Whether anybody may register a name directly below this one, which is known to exist."""
    if "." in name:
        return name in registries().open
    return name != "" and name not in registries().closed
