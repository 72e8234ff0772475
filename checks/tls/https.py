"""tls.https: can the site be reached over an encrypted connection? (RFC 9110, section 4.2.2)."""

from collections.abc import Iterator

from checks.contract import NO_HTTPS, NO_WEB, Check, Evidence, Json, Verdict, failed, passed
from checks.evidence.web import WebHost, WebHosts

ENCRYPTED = passed("encrypted")
ABSENT = failed("absent")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host. A site that shows itself over http alone, at any of its addresses, fails."""
    web = evidence.part(WebHosts)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        yield _of(host)


def _of(host: WebHost) -> Verdict:
    facts: dict[str, Json] = {
        "encrypted": [door.address for door in host.encrypted],
        "unencrypted": [door.address for door in host.unencrypted],
    }
    if host.unencrypted:
        return Verdict(ABSENT, host.host, facts)
    if host.encrypted:
        return Verdict(ENCRYPTED, host.host, facts)
    assert host.without_https is not NO_HTTPS  # noqa: S101 - that is the fault which this check itself tells
    return Verdict(host.without_https, host.host)


CHECK = Check("tls.https", needs=(WebHosts,), outcomes=(ENCRYPTED, ABSENT), judge=judge)
