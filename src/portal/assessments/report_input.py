"""What a report is made of, whoever asked for it: the command or the portal."""

from dataclasses import dataclass
from datetime import datetime

from checks.contract import Finding
from checks.limits import Limit
from checks.score import Score


@dataclass(frozen=True, slots=True)
class ReportInput:
    """One finished inspection, ready to be printed in one language.

    `started_at` is aware; `resolvers` are the name servers that were asked, as shown texts; `limits` is what we
    could not see from where we stand (words: `checks.limits.tell_limit`).
    """

    domain: str
    language: str
    started_at: datetime
    duration_s: float
    catalogue_version: str
    findings: tuple[Finding, ...]
    score: Score
    resolvers: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
