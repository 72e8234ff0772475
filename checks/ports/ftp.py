"""ports.ftp: can files be moved in the way that begins without encryption? (RFC 959, port 21).

Whether the server demands encryption (RFC 4217) or lets anybody in is not tried: that would be signing in.
"""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import FTP, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, FTP)


CHECK = Check("ports.ftp", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
