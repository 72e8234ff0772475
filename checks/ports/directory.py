"""ports.directory: does a directory of users answer the whole internet? (RFC 4511, RFC 4120; ports 389, 636 and 88)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import DIRECTORY, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, DIRECTORY)


CHECK = Check("ports.directory", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
