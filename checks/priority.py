"""What to do first: the one order in which fixes are told, on the terminal, the page and paper."""

from collections.abc import Iterable

from checks import advice
from checks.contract import Finding, Severity, Status

URGENT = (Severity.CRITICAL, Severity.HIGH)
"""Faults to mend first; the others can wait for a quieter day."""

_GRAVITY = list(Severity)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The failing findings, gravest first; among equals the quickest and cheapest fix first."""
    return sorted((finding for finding in findings if finding.status is Status.FAIL), key=_rank)


def first_fixes(findings: Iterable[Finding], count: int = 3) -> list[Finding]:
    """The first few failing findings that have a fix, one for each fix."""
    chosen: dict[str, Finding] = {}
    for finding in in_order(findings):
        if finding.fix is not None:
            chosen.setdefault(finding.fix.id, finding)
    return list(chosen.values())[:count]


def _rank(finding: Finding) -> tuple[int, int, int, str, str]:
    step = advice.card(finding.id).fixes[finding.fix.id] if finding.fix else None
    effort = (step.minutes, step.cost_eur[0]) if step else (10**6, 0)
    return (_GRAVITY.index(finding.severity), *effort, finding.id, finding.subject)
