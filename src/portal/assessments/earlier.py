"""Findings that were kept with an earlier version of the checks, and that today's cards have no words for."""

from checks import advice
from checks.advice import Told
from checks.contract import EARLIER_VERSION, Finding, Severity
from checks.errors import CardError
from checks.languages import LANGUAGES
from checks.registry import ALL_CHECKS

_KNOWN = {check.id for check in ALL_CHECKS}


def as_of_today(finding: Finding, domain: str) -> Finding:
    """The finding itself where it can be told; else one that says no more than that it is of another time."""
    try:
        advice.tell(finding, domain, LANGUAGES[0])
    except CardError:
        return Finding(finding.id, EARLIER_VERSION.status, Severity.INFO, finding.subject, EARLIER_VERSION.name, {})
    return finding


def is_known(finding: Finding) -> bool:
    """Whether its check is still one of ours."""
    return finding.id in _KNOWN


def told_of_unknown(finding: Finding, language: str) -> Told:
    """The words for a finding of a check that is no longer there."""
    entry = advice.common()[EARLIER_VERSION.name]
    return Told(finding.id, finding.id, "–", entry.headline[language], entry.detail[language], None)
