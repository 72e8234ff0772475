"""tls.chain: does the certificate lead to an authority that browsers know? (RFC 5280, section 6)."""

from collections.abc import Iterator
from datetime import datetime

from checks.contract import Check, Evidence, Json, Verdict, failed, passed, unknown
from checks.evidence.tls import Trust
from checks.evidence.web import WebHost, WebHosts
from checks.tls.hosts import each_host

TRUSTED = passed("trusted")
SELF_SIGNED = failed("self-signed")
UNKNOWN_AUTHORITY = failed("unknown-authority")
INCOMPLETE = failed("incomplete")
UNCLEAR = unknown("unclear")

_OUTCOMES = {
    Trust.SELF_SIGNED: SELF_SIGNED,
    Trust.UNKNOWN_AUTHORITY: UNKNOWN_AUTHORITY,
    Trust.INCOMPLETE: INCOMPLETE,
    Trust.TRUSTED: TRUSTED,
    Trust.UNCLEAR: UNCLEAR,
}
"""The worst first: what is told where a host's addresses differ."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host. Expired and for another name are other checks' findings."""
    yield from each_host(evidence, _of)


def _of(host: WebHost, _now: datetime) -> Verdict:
    worst = next(kind for kind in _OUTCOMES if any(seen.trust is kind for _address, seen in host.handshakes))
    seen_so = [(address, seen) for address, seen in host.handshakes if seen.trust is worst]
    leaf = seen_so[0][1].leaf
    facts: dict[str, Json] = {
        "addresses": [address for address, _seen in seen_so],
        "authority": leaf.authority if leaf else "–",
        "issuer": leaf.issuer if leaf else "–",
        "served": len(seen_so[0][1].chain),
    }
    return Verdict(_OUTCOMES[worst], host.host, facts)


CHECK = Check("tls.chain", needs=(WebHosts,), outcomes=tuple(_OUTCOMES.values()), judge=judge)
