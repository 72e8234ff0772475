"""ports.remote_admin: do administrators' tools, made for an internal network, answer the whole internet?."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import REMOTE_ADMIN, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, REMOTE_ADMIN)


CHECK = Check("ports.remote_admin", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
