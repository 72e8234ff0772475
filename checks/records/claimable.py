"""Hosting services that give a customer's old name to whoever asks for it next (see claimable.toml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli
from msgspec import Struct

_TABLE = Path(__file__).parent / "claimable.toml"


class Service(Struct, frozen=True):
    """One service. `proof`: the label at which a customer's TXT record keeps others out; None where there is none."""

    suffix: str
    name: str
    labels: int
    proof: str | None = None


def service_of(target: str) -> Service | None:
    """The service at which anybody could ask for exactly that name. None where there is no such service known."""
    for suffix, service in _services().items():
        if target.endswith(f".{suffix}"):
            return service if target.removesuffix(f".{suffix}").count(".") + 1 == service.labels else None
    return None


@cache
def _services() -> Mapping[str, Service]:
    raw = tomli.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        suffix: Service(suffix, entry["name"], entry["labels"], entry.get("proof"))
        for suffix, entry in raw["services"].items()
    }
