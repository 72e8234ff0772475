"""ports.remote_desktop: can anybody on the internet knock at a computer's remote desktop? (MS-RDPBCGR, port 3389)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import REMOTE_DESKTOP, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, REMOTE_DESKTOP)


CHECK = Check("ports.remote_desktop", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
