"""What the other tools' stored outputs say about the things that our findings are about.

Each reader takes a tool's JSON and yields readings, in our words where that tool judges and as bare facts where it only
says what it saw. Nothing is added: a reader is silent where its tool is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool says about `check_id` of `subject`.

    `status`: one of ours, or None where the tool states facts and judges nothing. `quote`: its own words, or the part
    of its JSON. `facts`: values to compare with those of the same name in our finding's evidence.
    """

    check_id: str
    subject: str
    status: str | None
    quote: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def _verdict(good: object) -> str:
    return PASS if good else FAIL


# checkdmarc: one document for each domain, its complaints in free text


def checkdmarc(seen: Mapping[str, Any]) -> Iterator[Reading]:
    """Reads checkdmarc's document."""
    domain = seen["domain"]
    names, mail = seen["ns"].get("hostnames", []), [host["hostname"] for host in seen["mx"].get("hosts", [])]
    yield Reading("dns.dnssec", domain, _verdict(seen["dnssec"]), f"dnssec: {_json(seen['dnssec'])}")
    yield Reading("dns.ns_count", domain, _verdict(not seen["ns"].get("warnings")), _list("hostnames", names))
    yield Reading("mail.mx", domain, _verdict(mail), _list("hosts", mail), {"mail_servers": mail})
    for host in seen["mx"].get("hosts", []):
        yield from _checkdmarc_host(host)
    for name, check_id in (("mta_sts", "mail.mta_sts"), ("smtp_tls_reporting", "mail.tls_rpt")):
        subject = f"mta-sts.{domain}" if name == "mta_sts" else domain
        yield Reading(check_id, subject, _verdict(seen[name]["valid"]), _valid(seen[name]))
    yield from _checkdmarc_spf(domain, seen["spf"])
    yield from _checkdmarc_dmarc(domain, seen["dmarc"])


def _checkdmarc_host(host: Mapping[str, Any]) -> Iterator[Reading]:
    name = host["hostname"]
    if "starttls" in host:
        yield Reading("mail.starttls", name, _verdict(host["starttls"]), f"starttls: {_json(host['starttls'])}")
    if host.get("starttls"):
        yield Reading("mail.mx_certificate", name, _verdict(host["tls"]), f"tls: {_json(host['tls'])}")


def _checkdmarc_spf(domain: str, spf: Mapping[str, Any]) -> Iterator[Reading]:
    yield Reading("mail.spf", domain, _verdict(spf["valid"]), _valid(spf), {"record": spf.get("record")})
    if "dns_lookups" in spf:
        count = spf["dns_lookups"]
        yield Reading("mail.spf_lookups", domain, _verdict(count <= 10), f"dns_lookups: {count}", {"lookups": count})  # noqa: PLR2004 - RFC 7208, section 4.6.4
    if spf["valid"] and "parsed" in spf:
        yield Reading("mail.spf_all", domain, _judged(spf, "all"), f"all: {spf['parsed']['all']}")


def _checkdmarc_dmarc(domain: str, dmarc: Mapping[str, Any]) -> Iterator[Reading]:
    yield Reading("mail.dmarc", domain, _verdict(dmarc["valid"]), _valid(dmarc))
    if dmarc["valid"]:
        policy = dmarc["tags"]["p"]["value"]
        yield Reading("mail.dmarc_policy", domain, None, f"p: {policy}", {"policy": policy})
        about = [warning for warning in dmarc["warnings"] if "rua" in warning]
        quote = about[0] if about else "no warning about rua"
        yield Reading("mail.dmarc_reporting", domain, _verdict("rua" in dmarc["tags"] and not about), quote)


def _judged(seen: Mapping[str, Any], about: str) -> str:
    return _verdict(not any(about in warning for warning in seen["warnings"]))


def _valid(seen: Mapping[str, Any]) -> str:
    said = seen.get("error") or "; ".join(seen["warnings"])
    return f"valid: {_json(seen['valid'])}{', ' + said if said else ''}"


def _list(name: str, values: Sequence[str]) -> str:
    return f"{name}: {', '.join(values) or 'none'}"


def _json(value: object) -> str:
    return {True: "true", False: "false", None: "null"}.get(value, str(value))  # type: ignore[call-overload,no-any-return]


# sslyze: one result for each server

_VERSIONS = {
    "ssl_2_0": "SSL 2.0",
    "ssl_3_0": "SSL 3.0",
    "tls_1_0": "TLS 1.0",
    "tls_1_1": "TLS 1.1",
    "tls_1_2": "TLS 1.2",
    "tls_1_3": "TLS 1.3",
}
_WEAK = ("NULL", "EXPORT", "anon", "RC4", "3DES", "_DES_", "RC2", "IDEA")
_VULNERABILITIES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "tls_compression": ("supports_compression", lambda value: not value),
    "openssl_ccs_injection": ("is_vulnerable_to_ccs_injection", lambda value: not value),
    "heartbleed": ("is_vulnerable_to_heartbleed", lambda value: not value),
    "robot": ("robot_result", lambda value: value.startswith("NOT_VULNERABLE")),
    "session_renegotiation": ("supports_secure_renegotiation", bool),
    "tls_extended_master_secret": ("supports_ems_extension", bool),
}


def sslyze(seen: Mapping[str, Any]) -> Iterator[Reading]:
    """Reads sslyze's document."""
    for server in seen["server_scan_results"]:
        host, mail = server["server_location"]["hostname"], server["server_location"]["port"] != 443  # noqa: PLR2004
        first = "mail.starttls" if mail else "tls.https"
        if server["scan_result"] is None:
            error = server["connectivity_error_trace"].strip().splitlines()[-1]
            yield Reading(first, host, FAIL if "does not support STARTTLS" in error else UNKNOWN, error)
            continue
        found = {name: part["result"] for name, part in server["scan_result"].items() if part["status"] == "COMPLETED"}
        best = server["connectivity_result"]["highest_tls_version_supported"]
        yield Reading(first, host, PASS, f"highest_tls_version_supported: {best}")
        yield from _sslyze_certificate(host, found["certificate_info"], mail=mail)
        if not mail:
            yield from _sslyze_protocol(host, found)


def _sslyze_certificate(host: str, found: Mapping[str, Any], *, mail: bool) -> Iterator[Reading]:
    """Validation is that against the farm's root: date, chain and name are one verdict."""
    deployment = found["certificate_deployments"][0]
    own = next(each for each in deployment["path_validation_results"] if each["trust_store"]["version"] == "N/A")
    trusted = own["was_validation_successful"]
    quote = f"was_validation_successful: {_json(trusted)}{', ' + own['validation_error'] if not trusted else ''}"
    for check_id in ("mail.mx_certificate",) if mail else ("tls.chain", "tls.hostname", "tls.expiry"):
        yield Reading(check_id, host, _verdict(trusted), quote)
    if not mail:
        leaf = deployment["received_certificate_chain"][0]
        key = f"{'ECDSA' if leaf['public_key']['ec_curve_name'] else 'RSA'} {leaf['public_key']['key_size']}"
        signature = leaf["signature_hash_algorithm"]["name"].upper()
        yield Reading("tls.key", host, None, f"{key}, {signature}", {"key": key, "signature": signature})


def _sslyze_protocol(host: str, found: Mapping[str, Any]) -> Iterator[Reading]:
    suites = {name: found[f"{name}_cipher_suites"] for name in _VERSIONS}
    accepted = [_VERSIONS[name] for name, result in suites.items() if result["is_tls_version_supported"]]
    yield Reading("tls.protocols", host, None, _list("supported", accepted), {"accepted": accepted})
    taken = {one["cipher_suite"]["name"] for result in suites.values() for one in result["accepted_cipher_suites"]}
    weak = sorted(name for name in taken if any(part in name for part in _WEAK))
    quote = f"{len(taken)} accepted, {_list('weak', weak)}"
    yield Reading("tls.ciphers", host, _verdict(not weak), quote)
    bad = [
        f"{key}: {_json(found[part][key])}"
        for part, (key, fine) in _VULNERABILITIES.items()
        if not fine(found[part][key])
    ]
    quote = "; ".join(bad) or f"nothing in {', '.join(_VULNERABILITIES)}"
    yield Reading("tls.vulnerabilities", host, _verdict(not bad), quote)


# testssl.sh: a flat list of findings with a severity each

_TESTSSL_WEB: Mapping[str, tuple[str, ...]] = {
    "dns.caa": ("DNS_CAArecord",),
    "tls.https": ("TLS1_2", "TLS1_3"),
    "tls.chain": ("cert_chain_of_trust",),
    "tls.hostname": ("cert_trust",),
    "tls.expiry": ("cert_expirationStatus",),
    "tls.key": ("cert_keySize", "cert_signatureAlgorithm"),
    "tls.protocols": ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3"),
    "tls.ciphers": (
        *("cipherlist_NULL", "cipherlist_aNULL", "cipherlist_EXPORT", "cipherlist_LOW", "cipherlist_3DES_IDEA"),
        *("cipherlist_AVERAGE", "cipherlist_STRONG", "PFS", "RC4"),
    ),
    "tls.vulnerabilities": (
        *("heartbleed", "CCS", "ticketbleed", "ROBOT", "secure_renego", "secure_client_renego", "CRIME_TLS"),
        *("POODLE_SSL", "SWEET32", "FREAK", "DROWN", "LOGJAM", "BEAST", "LUCKY13"),
    ),
    "web.hsts": ("HSTS", "HSTS_time"),
    "web.csp": ("Content-Security-Policy",),
    "web.nosniff": ("X-Content-Type-Options",),
    "web.framing": ("X-Frame-Options",),
    "web.referrer": ("Referrer-Policy",),
    "web.cookies": ("cookie_count", "cookie_secure", "cookie_httponly"),
    "web.banner": ("banner_server", "banner_application"),
}
_TESTSSL_MAIL: Mapping[str, tuple[str, ...]] = {
    "mail.starttls": ("optimal_proto", "TLS1_2", "TLS1_3"),
    "mail.mx_certificate": ("cert_trust", "cert_chain_of_trust", "cert_expirationStatus"),
}
_OFFERED = {"SSLv2": "SSL 2.0", "SSLv3": "SSL 3.0", "TLS1": "TLS 1.0", "TLS1_1": "TLS 1.1", "TLS1_2": "TLS 1.2"}
_SEVERITIES = ("OK", "INFO", "WARN", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def testssl(seen: Sequence[Mapping[str, str]]) -> Iterator[Reading]:
    """Reads the flat list of testssl.sh: what is grave or not is the worst of the lines that speak of the thing."""
    host = seen[0]["ip"].partition("/")[0]
    lines = {line["id"]: line for line in reversed(seen)}
    for check_id, names in (_TESTSSL_WEB if seen[0]["port"] == "443" else _TESTSSL_MAIL).items():
        about = [lines[name] for name in names if name in lines]
        if about:
            worst = max(_SEVERITIES.index(line["severity"]) for line in about)
            told = [line for line in about if worst <= 1 or _SEVERITIES.index(line["severity"]) == worst]
            quote = "; ".join(f"{line['id']} {line['severity']}: {line['finding']}" for line in told)
            facts = {"accepted": _offered(lines)} if check_id == "tls.protocols" else {}
            yield Reading(check_id, host, _testssl_status(_SEVERITIES[worst]), quote, facts)


def _offered(lines: Mapping[str, Mapping[str, str]]) -> list[str]:
    names = {**_OFFERED, "TLS1_3": "TLS 1.3"}
    return [ours for theirs, ours in names.items() if lines[theirs]["finding"].startswith("offered")]


def _testssl_status(severity: str) -> str:
    return {"OK": PASS, "INFO": PASS, "WARN": UNKNOWN}.get(severity, FAIL)


READERS: Mapping[str, Callable[[Any], Iterator[Reading]]] = {
    "checkdmarc": checkdmarc,
    "sslyze-web": sslyze,
    "sslyze-mail": sslyze,
    "testssl-web": testssl,
    "testssl-mail": testssl,
}
