"""tls.hostname: is the certificate made out to this name? (RFC 9525)."""

from collections.abc import Iterator
from datetime import datetime

from checks.contract import OUR_ERROR, Check, Evidence, Json, Verdict, failed, passed
from checks.evidence.web import WebHost, WebHosts
from checks.records.host_names import covers
from checks.tls.hosts import each_host, leaves

MATCHES = passed("matches")
MISMATCH = failed("mismatch")

MAX_NAMES = 10
"""How many of a certificate's names a finding shows; shared hosting puts hundreds into one."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host; one wrong address is enough to fail."""
    yield from each_host(evidence, _of)


def _of(host: WebHost, _now: datetime) -> Verdict:
    seen = leaves(host)
    if not seen:
        return Verdict(OUR_ERROR, host.host)
    wrong = [(address, leaf) for address, leaf in seen if not covers(leaf.names, host.host)]
    shown = (wrong or seen)[0][1].names
    facts: dict[str, Json] = {
        "addresses": [address for address, _leaf in wrong or seen],
        "names": [*shown[:MAX_NAMES]] or ["–"],
        "names_count": len(shown),
    }
    return Verdict(MISMATCH if wrong else MATCHES, host.host, facts)


CHECK = Check("tls.hostname", needs=(WebHosts,), outcomes=(MATCHES, MISMATCH), judge=judge)
