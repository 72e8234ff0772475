"""What we could not see from where we stand, said once at the end of a report and not with every finding."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

import tomli

from checks import contract
from checks.contract import Finding
from checks.evidence.lookups import Vantage

_WORDS = Path(__file__).parent / "limits.toml"


class Limit(StrEnum):
    """One thing that our own place in the network hides from us."""

    NO_VALIDATION = "no-validation"
    NO_IPV6 = "no-ipv6"
    MAIL_PORT_BLOCKED = "mail-port-blocked"
    NAME_SERVERS_BLOCKED = "name-servers-blocked"


def limits_of(vantage: Vantage, findings: Iterable[Finding]) -> tuple[Limit, ...]:
    """Our limits in this inspection. A blocked port shows only when a server was to be asked there."""
    blocked = {
        finding.evidence.get("blocked")
        for finding in findings
        if finding.outcome == contract.BLOCKED_FROM_HERE.name and isinstance(finding.evidence.get("blocked"), str)
    }
    seen = {
        Limit.NO_VALIDATION: not vantage.validates,
        Limit.NO_IPV6: not vantage.ipv6,
        Limit.MAIL_PORT_BLOCKED: "port-25" in blocked,
        Limit.NAME_SERVERS_BLOCKED: "port-53" in blocked,
    }
    return tuple(limit for limit, applies in seen.items() if applies)


def tell_limit(limit: Limit, language: str) -> str:
    """The limit in plain words, in `fi`, `sv` or `en`."""
    return _words()[limit.value][language]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomli.loads(_WORDS.read_text(encoding="utf-8"))
