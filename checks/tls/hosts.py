"""What the checks of a certificate share: one verdict for each host that showed one, and why there is none."""

from collections.abc import Callable, Iterator
from datetime import datetime

from checks.contract import NO_WEB, Evidence, Verdict
from checks.evidence.tls import Certificate
from checks.evidence.web import WebHost, WebHosts

Judge = Callable[[WebHost, datetime], Verdict]


def each_host(evidence: Evidence, judge: Judge) -> Iterator[Verdict]:
    """The verdict on each host with a completed handshake; the others' reason for having none."""
    web = evidence.part(WebHosts)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        yield judge(host, web.seen_at) if host.handshakes else Verdict(host.without_https, host.host)


def leaves(host: WebHost) -> list[tuple[str, Certificate]]:
    """The servers' own certificates that could be read, by address."""
    return [(address, seen.leaf) for address, seen in host.handshakes if seen.leaf is not None]
