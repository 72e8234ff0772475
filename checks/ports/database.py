"""ports.database: does a database take connections from the whole internet?."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import DATABASES, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, DATABASES)


CHECK = Check("ports.database", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
