"""tls.key: are the certificate's key and the signatures on it strong enough? (NIST SP 800-131A, RFC 9155)."""

from collections.abc import Iterator
from datetime import datetime

from checks.contract import OUR_ERROR, Check, Evidence, Json, Outcome, Verdict, failed, passed
from checks.evidence.tls import Certificate
from checks.evidence.web import WebHost, WebHosts
from checks.records.certificates import FORGEABLE_HASHES, is_short
from checks.tls.hosts import each_host

STRONG = passed("strong")
SHORT_KEY = failed("short-key")
OLD_SIGNATURE = failed("old-signature")

_WORST_FIRST = (SHORT_KEY, OLD_SIGNATURE, STRONG)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the worst certificate on the way to an authority that browsers carry."""
    yield from each_host(evidence, _of)


def _of(host: WebHost, _now: datetime) -> Verdict:
    seen = [(address, link) for address, shaken in host.handshakes for link in _way_up(shaken.chain)]
    readable = [(address, link) for address, link in seen if link.key is not None]
    if not readable or any(shaken.leaf is None or shaken.leaf.key is None for _address, shaken in host.handshakes):
        return Verdict(OUR_ERROR, host.host)
    worst = min((_state(link) for _address, link in readable), key=_WORST_FIRST.index)
    there = [(address, link) for address, link in readable if _state(link) is worst]
    link = there[0][1]
    facts: dict[str, Json] = {
        "addresses": [*dict.fromkeys(address for address, _link in there)],
        "certificate": link.subject,
        "key": f"{link.key.kind} {link.key.bits}" if link.key else "–",
        "signature": link.hash or "–",
        "authority": link.authority,
    }
    return Verdict(worst, host.host, facts)


def _way_up(chain: tuple[Certificate, ...]) -> Iterator[Certificate]:
    """The server's certificate and its issuers among those it sent, without what stands for itself.

    What is sent besides is passed over: nobody relies on it.
    """
    seen: set[str] = set()
    link = chain[0] if chain else None
    while link is not None and link.subject not in seen:
        if link is not chain[0] and (link.self_signed or link.trusted):
            return
        yield link
        seen.add(link.subject)
        link = next((other for other in chain[1:] if other.subject == link.issuer), None)


def _state(link: Certificate) -> Outcome:
    if link.key is not None and is_short(link.key):
        return SHORT_KEY
    vouched_for = not (link.self_signed or link.trusted)
    return OLD_SIGNATURE if vouched_for and link.hash in FORGEABLE_HASHES else STRONG


CHECK = Check("tls.key", needs=(WebHosts,), outcomes=(STRONG, SHORT_KEY, OLD_SIGNATURE), judge=judge)
