"""tls.post_quantum: are visitors' connections safe from the computers of tomorrow? (X25519MLKEM768, FIPS 203)."""

from collections.abc import Iterator

from checks.contract import (
    CONNECTION_FAILED,
    CONNECTION_TIMEOUT,
    NO_WEB,
    Check,
    Evidence,
    Json,
    Outcome,
    Verdict,
    info,
    passed,
)
from checks.evidence.tls_probes import KeyAgreement, KeyAgreements, Reply
from checks.evidence.web import Door, WebHost, WebHosts
from checks.records.client_hello import GROUPS, POST_QUANTUM

AGREED = passed("agreed")
NOT_AGREED = info("not-agreed")

_WORST_FIRST = (NOT_AGREED, CONNECTION_TIMEOUT, CONNECTION_FAILED, AGREED)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the worst of its addresses that were asked. Nothing here is a fault yet."""
    web, agreements = evidence.part(WebHosts), evidence.part(KeyAgreements)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        yield _of(host, agreements) if host.encrypted else Verdict(host.without_https, host.host)


def _of(host: WebHost, agreements: KeyAgreements) -> Verdict:
    seen = [(door, agreements.addresses.get(door.address)) for door in host.encrypted]
    known = [(door.address, _state(door, agreed), agreed) for door, agreed in seen]
    states = [(address, state, agreed) for address, state, agreed in known if state is not None]
    if not states:
        return Verdict(CONNECTION_FAILED, host.host)
    worst = min((state for _address, state, _agreed in states), key=_WORST_FIRST.index)
    there = [(address, agreed) for address, state, agreed in states if state is worst]
    facts: dict[str, Json] = {
        "addresses": [address for address, _agreed in there],
        "groups": [*sorted({agreed.group for _address, agreed in there if agreed and agreed.group})] or ["–"],
        "not_asked": [address for address, state, _agreed in known if state is None],
    }
    return Verdict(worst, host.host, facts)


def _state(door: Door, agreed: KeyAgreement | None) -> Outcome | None:
    """What is known of one address. Only TLS 1.3 has such keys; one that speaks it and was not asked tells nothing."""
    if agreed is None:
        shaken = door.https.handshake
        return None if shaken and shaken.version == "TLSv1.3" else NOT_AGREED
    if agreed.group is None:
        return CONNECTION_TIMEOUT if agreed.reply is Reply.SILENT else CONNECTION_FAILED
    return AGREED if agreed.group == GROUPS[POST_QUANTUM] else NOT_AGREED


CHECK = Check("tls.post_quantum", needs=(WebHosts, KeyAgreements), outcomes=(AGREED, NOT_AGREED), judge=judge)
