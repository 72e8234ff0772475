"""ports.telnet: does unencrypted remote control answer the whole internet? (RFC 854, RFC 1282; ports 23 and 513)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import TELNET, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, TELNET)


CHECK = Check("ports.telnet", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
