"""tls.protocols: does the server still accept versions of encryption that are no longer safe? (RFC 8996, RFC 7568)."""

from collections.abc import Iterator, Mapping

from checks.contract import (
    CONNECTION_FAILED,
    CONNECTION_TIMEOUT,
    NO_WEB,
    Check,
    Evidence,
    Json,
    Outcome,
    Snippet,
    Verdict,
    failed,
    passed,
)
from checks.evidence.tls import Protocols, Reply, Version
from checks.evidence.web import Door, WebHost, WebHosts

MODERN = passed("modern")
OUTDATED = failed("outdated")
BROKEN_VERSION = failed("broken-version")
ONLY_OLD = failed("only-old")

SAFE = (Version.TLS12, Version.TLS13)
_WORST_FIRST = (ONLY_OLD, BROKEN_VERSION, OUTDATED, MODERN, CONNECTION_TIMEOUT, CONNECTION_FAILED)
_SAID_NO = {Reply.REFUSED, Reply.DROPPED}

Replies = Mapping[Version, Reply]


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the worst of its addresses."""
    web, protocols = evidence.part(WebHosts), evidence.part(Protocols)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        yield _of(host, protocols) if host.encrypted else Verdict(host.without_https, host.host)


def _of(host: WebHost, protocols: Protocols) -> Verdict:
    seen = [(door, protocols.replies.get(door.address, {})) for door in host.encrypted]
    states = [(door.address, _state(replies, spoke_safely=_spoke_safely(door)), replies) for door, replies in seen]
    worst = next(outcome for outcome in _WORST_FIRST if any(state is outcome for _address, state, _replies in states))
    there = [(address, replies) for address, state, replies in states if state is worst]
    accepted = [version for version in Version if any(_takes(replies, version) for _address, replies in there)]
    facts: dict[str, Json] = {
        "addresses": [address for address, _replies in there],
        "accepted": [str(version) for version in accepted],
        "outdated": [str(version) for version in accepted if version not in SAFE],
    }
    snippets = SNIPPETS if worst in {ONLY_OLD, BROKEN_VERSION, OUTDATED} else ()
    return Verdict(worst, host.host, facts, snippets=snippets)


def _state(replies: Replies, *, spoke_safely: bool) -> Outcome:
    """What one address speaks. Hanging up counts as a refusal only beside a version that works.

    `spoke_safely`: the visit itself showed a safe version, so that a server which tires of our questions is not
    taken for an old one.
    """
    safe = any(_takes(replies, version) for version in SAFE)
    old = [version for version in Version if version not in SAFE and _takes(replies, version)]
    if old and not spoke_safely and all(replies.get(version) in _SAID_NO for version in SAFE):
        return ONLY_OLD
    if Version.SSL3 in old:
        return BROKEN_VERSION
    if old:
        return OUTDATED
    if Reply.SILENT in replies.values():
        return CONNECTION_TIMEOUT
    if Reply.UNREACHED in replies.values():
        return CONNECTION_FAILED
    return MODERN if safe else CONNECTION_FAILED


def _spoke_safely(door: Door) -> bool:
    shaken = door.https.handshake
    return shaken is not None and shaken.version in {"TLSv1.2", "TLSv1.3"}


def _takes(replies: Replies, version: Version) -> bool:
    return replies.get(version) is Reply.ACCEPTED


_SCHANNEL = r"HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"

SNIPPETS = (
    Snippet("nginx", "ssl_protocols TLSv1.2 TLSv1.3;"),
    Snippet("apache", "SSLProtocol -all +TLSv1.2 +TLSv1.3"),
    Snippet(
        "iis",
        f"""$base = '{_SCHANNEL}'
foreach ($version in 'SSL 3.0', 'TLS 1.0', 'TLS 1.1') {{
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
    needs=(WebHosts, Protocols),
    outcomes=(MODERN, OUTDATED, BROKEN_VERSION, ONLY_OLD),
    judge=judge,
)
