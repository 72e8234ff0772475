"""The score: an interval, so that what we could not tell is neither held against anyone nor hidden."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from checks import advice
from checks.contract import Finding, Severity, Status

WEIGHTS = {Severity.CRITICAL: 10, Severity.HIGH: 5, Severity.MEDIUM: 2, Severity.LOW: 1, Severity.INFO: 0}
"""What a fault of each severity costs. A check counts once, at its worst subject."""

_JUDGED = {Status.PASS, Status.FAIL, Status.UNKNOWN}


class Score(Struct, frozen=True):
    """From 0 to 100, one decimal: `low` counts every unknown as failed, `high` as passed."""

    low: float
    high: float


def score(findings: Iterable[Finding]) -> Score:
    """The score of one inspection. With nothing judged at all it is the widest interval, 0 to 100."""
    lost_low: dict[str, int] = defaultdict(int)
    lost_high: dict[str, int] = defaultdict(int)
    for finding in findings:
        if finding.status not in _JUDGED:
            continue
        full = WEIGHTS[advice.heaviest(finding.id)]
        sure = WEIGHTS[finding.severity] if finding.status is Status.FAIL else 0
        feared = full if finding.status is Status.UNKNOWN else sure
        lost_low[finding.id] = max(lost_low[finding.id], feared)
        lost_high[finding.id] = max(lost_high[finding.id], sure)
    total = sum(WEIGHTS[advice.heaviest(check_id)] for check_id in lost_low)
    if not total:
        return Score(0.0, 100.0)
    return Score(_share(sum(lost_low.values()), total), _share(sum(lost_high.values()), total))


def _share(lost: int, total: int) -> float:
    return round(100 * (total - lost) / total, 1)
