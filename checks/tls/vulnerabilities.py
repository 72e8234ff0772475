"""tls.vulnerabilities: known holes in a server's encryption that show in how it says hello.

Nothing is tried out: a ServerHello tells whether the server knows secure renegotiation (RFC 5746) and an extended
master secret (RFC 7627), whether it compresses (CRIME), and whether it answers heartbeats (RFC 6520): without them
there is no Heartbleed. Its key may also be in use where SSL 2.0 is spoken (DROWN).
"""

from collections.abc import Iterator

from checks.contract import (
    CONNECTION_FAILED,
    CONNECTION_TIMEOUT,
    Check,
    Evidence,
    Json,
    Outcome,
    Verdict,
    failed,
    info,
    not_applicable,
    passed,
)
from checks.evidence.tls import Version
from checks.evidence.tls_probes import AddressProbes, Feature, Reply, Response, TlsProbes
from checks.evidence.web import WebHost, WebHosts
from checks.tls.hosts import Asked, each_asked_host, unanswered

NONE_SEEN = passed("none-seen")
SHARED_WITH_SSL2 = failed("shared-with-ssl2")
COMPRESSION = failed("compression")
OLD_RENEGOTIATION = failed("old-renegotiation")
HEARTBEAT = info("heartbeat")
NO_MASTER_SECRET = info("no-extended-master-secret")
TOO_OLD = not_applicable("too-old")

_WORST_FIRST = (
    SHARED_WITH_SSL2,
    COMPRESSION,
    OLD_RENEGOTIATION,
    CONNECTION_TIMEOUT,
    CONNECTION_FAILED,
    HEARTBEAT,
    NO_MASTER_SECRET,
    NONE_SEEN,
    TOO_OLD,
)
_NEWEST_FIRST = (Version.TLS12, Version.TLS11, Version.TLS10)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the worst of its addresses that were asked."""
    probes = evidence.part(TlsProbes)
    exposed = {
        said.key: address
        for address, each in probes.addresses.items()
        if (said := each.versions[Version.SSL2]).accepted and said.key
    }
    yield from each_asked_host(evidence, lambda host, asked: _of(host, asked, exposed))


def _of(host: WebHost, asked: Asked, exposed: dict[str, str]) -> Verdict:
    keys = {address: shaken.leaf.key for address, shaken in host.handshakes if shaken.leaf}
    states: list[tuple[str, Outcome]] = []
    ssl2: list[str] = []
    for address, probes in asked:
        key = keys.get(address)
        if key is not None and key.digest in exposed:
            ssl2.append(exposed[key.digest])
            states.append((address, SHARED_WITH_SSL2))
        else:
            states.append((address, _state(probes)))
    worst = min((state for _address, state in states), key=_WORST_FIRST.index)
    facts: dict[str, Json] = {
        "addresses": [address for address, state in states if state is worst],
        "ssl2": [*dict.fromkeys(ssl2)],
        "not_asked": [door.address for door in host.encrypted if door.address not in dict(asked)],
    }
    return Verdict(worst, host.host, facts)


def _state(probes: AddressProbes) -> Outcome:
    """What one address lets be seen, in the newest version that can have such holes."""
    said = _newest(probes)
    if said is None:
        return _without_old_versions(probes)
    if any(Feature.COMPRESSION in each.features for each in probes.versions.values()):
        return COMPRESSION
    if Feature.SECURE_RENEGOTIATION not in said.features:
        return OLD_RENEGOTIATION
    if Feature.HEARTBEAT in said.features:
        return HEARTBEAT
    return NONE_SEEN if Feature.EXTENDED_MASTER_SECRET in said.features else NO_MASTER_SECRET


def _newest(probes: AddressProbes) -> Response | None:
    return next((said for version in _NEWEST_FIRST if (said := probes.versions[version]).accepted), None)


def _without_old_versions(probes: AddressProbes) -> Outcome:
    """TLS 1.3 by itself has none of these; a server with nothing newer than SSL 3.0 has worse to mend."""
    if open_questions := unanswered(probes):
        return CONNECTION_TIMEOUT if Reply.SILENT in open_questions else CONNECTION_FAILED
    return NONE_SEEN if probes.versions[Version.TLS13].accepted else TOO_OLD


CHECK = Check(
    "tls.vulnerabilities",
    needs=(WebHosts, TlsProbes),
    outcomes=(
        NONE_SEEN,
        SHARED_WITH_SSL2,
        COMPRESSION,
        OLD_RENEGOTIATION,
        HEARTBEAT,
        NO_MASTER_SECRET,
        TOO_OLD,
    ),
    judge=judge,
)
