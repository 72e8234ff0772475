"""One ended check of one domain, as a value: what a report, an export and a comparison are made of."""

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
