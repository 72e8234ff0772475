"""What to do first, and whose it is: the one order in which fixes are told, on the terminal, the page and paper."""

from collections.abc import Iterable
from enum import StrEnum

from checks import advice
from checks.advice import ToldProvider
from checks.contract import Finding, Severity, Status

URGENT = (Severity.CRITICAL, Severity.HIGH)
"""Faults to mend first; the others can wait for a quieter day."""

_GRAVITY = list(Severity)
_WITHIN_THE_FIRM = {"owner", "it-provider"}


class Care(StrEnum):
    """Whose a finding is to mend, if anybody's."""

    YOURS = "yours"
    PROVIDERS = "provider"
    MAY_BE_LEFT = "may-be-left"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The failing findings, gravest first; among equals the quickest and cheapest fix first."""
    return sorted((finding for finding in findings if finding.status is Status.FAIL), key=_rank)


def any_urgent(findings: Iterable[Finding]) -> bool:
    """Whether one of them fails and is to be mended first."""
    return any(finding.status is Status.FAIL and finding.severity in URGENT for finding in findings)


def first_fixes(findings: Iterable[Finding], count: int = 3) -> list[Finding]:
    """The first few failing findings that have a fix, one for each fix."""
    chosen: dict[str, Finding] = {}
    for finding in in_order(findings):
        if finding.fix is not None:
            chosen.setdefault(finding.fix.id, finding)
    return list(chosen.values())[:count]


def care_of(finding: Finding, provider: ToldProvider | None = None) -> Care | None:
    """Whose it is: the firm's own (with whoever looks after its computers), its provider's, or nobody's.

    Records to paste are the firm's own, since it has the key to its domain's settings, unless a web server must
    change as well; so is what the known provider lets its customers do in its console. None where there is nothing
    to care for: what is fine, does not apply, or could not be told.
    """
    if finding.status is Status.INFO:
        return Care.MAY_BE_LEFT
    if finding.status is not Status.FAIL:
        return None
    source = advice.card(finding.id)
    if source.outcome(finding.outcome).may_be_left:
        return Care.MAY_BE_LEFT
    if provider is not None:
        return Care.PROVIDERS if provider.theirs else Care.YOURS
    if finding.fix is None or source.fix(finding.fix.id).who in _WITHIN_THE_FIRM:
        return Care.YOURS
    return Care.YOURS if finding.fix.records and not finding.fix.snippets else Care.PROVIDERS


def _rank(finding: Finding) -> tuple[int, int, int, str, str]:
    step = advice.card(finding.id).fixes[finding.fix.id] if finding.fix else None
    effort = (step.minutes, step.cost_eur[0]) if step else (10**6, 0)
    return (_GRAVITY.index(finding.severity), *effort, finding.id, finding.subject)
