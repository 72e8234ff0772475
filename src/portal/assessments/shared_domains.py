"""Domains that thousands share, so that somebody with a gmail.com address is helped and not refused."""

import tomllib
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_suffix(".toml")


def kind_of(domain: str) -> str | None:
    """`mailbox` for a mail service's domain, `builder` for a customer's name under a website service, else None."""
    listed = _listed()
    parents = domain.split(".")
    above = {".".join(parents[place:]) for place in range(1, len(parents))}
    if above & listed["builder"]:
        return "builder"
    return "mailbox" if ({domain} | above) & listed["mailbox"] else None


@cache
def _listed() -> dict[str, frozenset[str]]:
    return {kind: frozenset(names) for kind, names in tomllib.loads(_LIST.read_text(encoding="utf-8")).items()}
