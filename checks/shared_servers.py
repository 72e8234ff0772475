"""Servers that many customers share, and which are therefore not scanned for one of them."""

import ipaddress
from functools import cache
from pathlib import Path
from typing import Any

import tomli
from msgspec import Struct

from checks.addresses import IPNetwork
from checks.providers import all_providers
from checks.records.host_names import is_below

_LIST = Path(__file__).with_suffix(".toml")


class SharedService(Struct, frozen=True):
    """One company. `names`: ends of the names of its servers; `networks`: where nothing but its shared servers is."""

    name: str
    names: tuple[str, ...]
    networks: tuple[IPNetwork, ...]


def service_at(address: str) -> str | None:
    """The name of the company whose shared servers are at that address; None where we know of none."""
    wanted = ipaddress.ip_address(address)
    return next((each.name for each in _services() if any(wanted in network for network in each.networks)), None)


def service_named(host: str) -> str | None:
    """The name of the company to whose shared servers that name belongs; None where we know of none."""
    plain = host.lower().removesuffix(".")
    return next((each.name for each in _services() if any(is_below(plain, end) for end in each.names)), None)


@cache
def _services() -> tuple[SharedService, ...]:
    listed = tomli.loads(_LIST.read_text(encoding="utf-8"))["service"]
    known = (SharedService(each.name, each.web, (*each.networks, *each.proxies)) for each in all_providers())
    return (*known, *(_read(raw) for raw in listed))


def _read(raw: dict[str, Any]) -> SharedService:
    networks = tuple(ipaddress.ip_network(text) for text in raw.get("networks", ()))
    return SharedService(raw["name"], tuple(raw["names"]), networks)
