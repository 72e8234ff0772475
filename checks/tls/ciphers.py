"""tls.ciphers: does the server still agree to ways of encrypting that can be broken? (RFC 9325, section 4)."""

from collections.abc import Iterator

from checks.contract import (
    CONNECTION_FAILED,
    CONNECTION_TIMEOUT,
    Check,
    Evidence,
    Json,
    Outcome,
    Snippet,
    Verdict,
    failed,
    not_applicable,
    passed,
)
from checks.evidence.tls import Version
from checks.evidence.tls_probes import AddressProbes, CipherKind, Reply, TlsProbes
from checks.evidence.web import WebHost, WebHosts
from checks.records.cipher_suites import PLAIN, name_of, weakness_of
from checks.tls.hosts import Asked, each_asked_host

STRONG = passed("strong")
BROKEN = failed("broken")
WEAK = failed("weak")
NO_FORWARD_SECRECY = failed("no-forward-secrecy")
TOO_OLD = not_applicable("too-old")

_WORST_FIRST = (BROKEN, WEAK, NO_FORWARD_SECRECY, CONNECTION_TIMEOUT, CONNECTION_FAILED, STRONG, TOO_OLD)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host, on the worst of its addresses that were asked.

    In which order a server prefers its ciphers is nobody's fault, nor is plain RSA beside better ones.
    """
    yield from each_asked_host(evidence, _of)


def _of(host: WebHost, asked: Asked) -> Verdict:
    states = [(address, _state(probes), probes) for address, probes in asked]
    worst = min((state for _address, state, _probes in states), key=_WORST_FIRST.index)
    there = [(address, probes) for address, state, probes in states if state is worst]
    weak = sorted({cipher for _address, probes in there for cipher in _weak_ciphers(probes)})
    facts: dict[str, Json] = {
        "addresses": [address for address, _probes in there],
        "kinds": [*sorted({str(kind) for cipher in weak if (kind := weakness_of(cipher))})],
        "ciphers": [name_of(cipher) for cipher in weak],
        "not_asked": [door.address for door in host.encrypted if door.address not in dict(asked)],
    }
    return Verdict(worst, host.host, facts, snippets=SNIPPETS if worst in {BROKEN, WEAK, NO_FORWARD_SECRECY} else ())


def _state(probes: AddressProbes) -> Outcome:
    """What one address agrees to. Hanging up on ciphers that nobody should offer is a refusal, and a good one."""
    if not (probes.versions[Version.TLS12].accepted or probes.versions[Version.TLS13].accepted):
        return TOO_OLD
    if probes.ciphers[CipherKind.BROKEN].accepted:
        return BROKEN
    if probes.ciphers[CipherKind.WEAK].accepted:
        return WEAK
    private = probes.ciphers.get(CipherKind.FORWARD_SECRET)
    if private is not None and private.reply is Reply.REFUSED and probes.versions[Version.TLS12].cipher in PLAIN:
        return NO_FORWARD_SECRECY
    replies = {said.reply for said in probes.ciphers.values()}
    if Reply.SILENT in replies:
        return CONNECTION_TIMEOUT
    unclear = private is not None and not private.accepted
    return CONNECTION_FAILED if Reply.UNREACHED in replies or unclear else STRONG


def _weak_ciphers(probes: AddressProbes) -> set[int]:
    """One of each kind that was accepted: the server chose it, and may have more."""
    seen = (probes.ciphers.get(kind) for kind in (CipherKind.BROKEN, CipherKind.WEAK))
    return {said.cipher for said in seen if said is not None and said.cipher is not None}


_SUITES = (
    ("ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
)
"""What every browser since about 2014 knows, as OpenSSL and as the registry name it; TLS 1.3 has its own."""
_OPENSSL = ":".join(name for name, _registered in _SUITES)
_GCM = ", ".join(f"'{name}'" for _openssl, name in _SUITES if "GCM" in name)

SNIPPETS = (
    Snippet("nginx", f"ssl_ciphers {_OPENSSL};"),
    Snippet("apache", f"SSLCipherSuite {_OPENSSL}"),
    Snippet(
        "iis",
        f"""foreach ($name in {_GCM}) {{ Enable-TlsCipherSuite -Name $name }}
Get-TlsCipherSuite | Where-Object Name -Match 'NULL|EXPORT|anon|RC4|DES|^TLS_RSA_' |
  ForEach-Object {{ Disable-TlsCipherSuite -Name $_.Name }}""",
    ),
    Snippet("caddy", "tls {\n\tciphers " + " ".join(name for _openssl, name in _SUITES) + "\n}"),
)
"""The lines that leave ciphers with forward secrecy and nothing weak; the same for every host."""

CHECK = Check(
    "tls.ciphers",
    needs=(WebHosts, TlsProbes),
    outcomes=(STRONG, BROKEN, WEAK, NO_FORWARD_SECRECY, TOO_OLD),
    judge=judge,
)
