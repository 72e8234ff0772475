"""tls.protocols: does the server still accept old, unsafe versions of encryption? (RFC 6176, RFC 7568, RFC 8996)."""

from collections.abc import Iterator

from checks.contract import (
    CONNECTION_FAILED,
    CONNECTION_TIMEOUT,
    NO_WEB,
    NOT_STATED,
    Check,
    Evidence,
    Json,
    Outcome,
    Snippet,
    Verdict,
    failed,
    passed,
)
from checks.evidence.tls import Version
from checks.evidence.tls_probes import AddressProbes, Reply, TlsProbes
from checks.evidence.web import Door, WebHost, WebHosts
from checks.tls.hosts import unanswered

MODERN = passed("modern")
OUTDATED = failed("outdated")
BROKEN_VERSION = failed("broken-version")
ONLY_OLD = failed("only-old")

SAFE = (Version.TLS12, Version.TLS13)
BROKEN = (Version.SSL2, Version.SSL3)
_NAMES = {"TLSv1": Version.TLS10, "TLSv1.1": Version.TLS11, "TLSv1.2": Version.TLS12, "TLSv1.3": Version.TLS13}
"""What the library calls the versions in which we shake hands."""
_WORST_FIRST = (ONLY_OLD, BROKEN_VERSION, OUTDATED, CONNECTION_TIMEOUT, CONNECTION_FAILED, MODERN, NOT_STATED)
_SAID_NO = {Reply.REFUSED, Reply.DROPPED}


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the worst of its addresses.

    One that was not asked (nobody stated that the domain is theirs, or it is not among the first) is judged by the
    visitor's handshake: it tells that an address has nothing better than an old version.
    """
    web, probes = evidence.part(WebHosts), evidence.part(TlsProbes)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        yield _of(host, probes) if host.encrypted else Verdict(host.without_https, host.host)


def _of(host: WebHost, probes: TlsProbes) -> Verdict:
    states = [(door.address, *_state(door, probes.addresses.get(door.address))) for door in host.encrypted]
    worst = min((state for _address, state, _accepted in states), key=_WORST_FIRST.index)
    if worst is NOT_STATED:
        return Verdict(CONNECTION_FAILED if probes.stated else NOT_STATED, host.host)
    there = [(address, accepted) for address, state, accepted in states if state is worst]
    accepted = [version for version in Version if any(version in seen for _address, seen in there)]
    facts: dict[str, Json] = {
        "addresses": [address for address, _accepted in there],
        "accepted": [str(version) for version in accepted],
        "outdated": [str(version) for version in accepted if version not in SAFE],
        "not_asked": [door.address for door in host.encrypted if door.address not in probes.addresses],
    }
    snippets = SNIPPETS if worst in {ONLY_OLD, BROKEN_VERSION, OUTDATED} else ()
    return Verdict(worst, host.host, facts, snippets=snippets)


def _state(door: Door, probes: AddressProbes | None) -> tuple[Outcome, set[Version]]:
    """What one address speaks. Hanging up counts as a refusal only beside a version that works.

    The visitor's handshake offered every version from TLS 1.0 on, and the server chose: a server that tires of our
    questions afterwards is not taken for an old one.
    """
    shaken = door.https.handshake
    spoken = _NAMES.get(shaken.version or "") if shaken else None
    accepted = {spoken} if spoken else set()
    if probes is None:
        return (ONLY_OLD, accepted) if spoken and spoken not in SAFE else (NOT_STATED, accepted)
    accepted |= {version for version, said in probes.versions.items() if said.accepted}
    return _judged(accepted, probes), accepted


def _judged(accepted: set[Version], probes: AddressProbes) -> Outcome:
    safe = not accepted.isdisjoint(SAFE)
    if accepted and not safe and all(probes.versions[version].reply in _SAID_NO for version in SAFE):
        return ONLY_OLD
    if not accepted.isdisjoint(BROKEN):
        return BROKEN_VERSION
    if not accepted.issubset(SAFE):
        return OUTDATED
    if open_questions := unanswered(probes):
        return CONNECTION_TIMEOUT if Reply.SILENT in open_questions else CONNECTION_FAILED
    return MODERN if safe else CONNECTION_FAILED


_SCHANNEL = r"HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"

SNIPPETS = (
    Snippet("nginx", "ssl_protocols TLSv1.2 TLSv1.3;"),
    Snippet("apache", "SSLProtocol -all +TLSv1.2 +TLSv1.3"),
    Snippet(
        "iis",
        f"""$base = '{_SCHANNEL}'
foreach ($version in 'SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1') {{
  New-Item "$base\\$version\\Server" -Force | Out-Null
  New-ItemProperty "$base\\$version\\Server" -Name Enabled -Value 0 -PropertyType DWord -Force | Out-Null
  New-ItemProperty "$base\\$version\\Server" -Name DisabledByDefault -Value 1 -PropertyType DWord -Force | Out-Null
}}
New-Item "$base\\TLS 1.2\\Server" -Force | Out-Null
New-ItemProperty "$base\\TLS 1.2\\Server" -Name Enabled -Value 1 -PropertyType DWord -Force | Out-Null
New-ItemProperty "$base\\TLS 1.2\\Server" -Name DisabledByDefault -Value 0 -PropertyType DWord -Force | Out-Null""",
    ),
    Snippet("caddy", "tls {\n\tprotocols tls1.2 tls1.3\n}"),
)
"""The lines that leave TLS 1.2 and 1.3; the same for every host."""

CHECK = Check(
    "tls.protocols",
    needs=(WebHosts, TlsProbes),
    outcomes=(MODERN, OUTDATED, BROKEN_VERSION, ONLY_OLD),
    judge=judge,
)
