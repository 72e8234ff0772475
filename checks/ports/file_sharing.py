"""ports.file_sharing: are shared folders open to the whole internet? (MS-SMB2, RFC 1001; ports 445 and 139)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import FILE_SHARING, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, FILE_SHARING)


CHECK = Check("ports.file_sharing", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
