"""ports.cleartext_mail: can mail be fetched beginning without encryption? (RFC 8314, section 3; ports 110, 143).

A server that offers STARTTLS there is meant too: whoever sits between can take the offer away.
"""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict
from checks.evidence.ports import CLEARTEXT_MAIL, PortScan
from checks.ports.doors import OUTCOMES, judge_doors


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each of the domain's own names."""
    yield from judge_doors(evidence, CLEARTEXT_MAIL)


CHECK = Check("ports.cleartext_mail", needs=(PortScan,), outcomes=OUTCOMES, judge=judge)
