"""One ended check of one domain, as a value: what a report, an export and a comparison are made of."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from checks.contract import Finding
from checks.limits import Limit


class Inspected(Struct, frozen=True):
    """`started_at` is aware; `resolvers` are the name servers that were asked, as shown texts.

    `limits` is what we could not see from where we stand (words: `checks.limits.tell_limit`).
    """

    domain: str
    started_at: datetime
    duration_s: float
    catalogue_version: str
    findings: tuple[Finding, ...]
    resolvers: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()


class Found(Finding, frozen=True):
    """A finding with the domain whose check made it: with that, `id` and `subject` are unique among several domains."""

    domain: str = ""


def found_in(inspected: Iterable[Inspected]) -> tuple[Found, ...]:
    """The findings of several checks, in their order."""
    return tuple(_found(finding, each.domain) for each in inspected for finding in each.findings)


def _found(finding: Finding, domain: str) -> Found:
    kept = {name: getattr(finding, name) for name in Finding.__struct_fields__}
    return Found(**kept, domain=domain)
