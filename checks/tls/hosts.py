"""What the checks of encryption share: one verdict for each host that showed any, and why there is none."""

from collections.abc import Callable, Iterator
from datetime import datetime

from checks.contract import CONNECTION_FAILED, NO_WEB, NOT_STATED, Evidence, Verdict
from checks.evidence.tls import Certificate, Version
from checks.evidence.tls_probes import AddressProbes, Reply, TlsProbes
from checks.evidence.web import WebHost, WebHosts

Judge = Callable[[WebHost, datetime], Verdict]
Asked = list[tuple[str, AddressProbes]]


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


def each_asked_host(evidence: Evidence, judge: Callable[[WebHost, Asked], Verdict]) -> Iterator[Verdict]:
    """The verdict on each host with addresses that were asked what no visitor asks; the others' reason for none."""
    web, probes = evidence.part(WebHosts), evidence.part(TlsProbes)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        asked = asked_of(host, probes)
        if not host.encrypted:
            yield Verdict(host.without_https, host.host)
        elif asked:
            yield judge(host, asked)
        else:
            yield Verdict(CONNECTION_FAILED if probes.stated else NOT_STATED, host.host)


def asked_of(host: WebHost, probes: TlsProbes) -> Asked:
    """What the host's addresses said, those that were asked."""
    return [
        (door.address, probes.addresses[door.address]) for door in host.encrypted if door.address in probes.addresses
    ]


def unanswered(probes: AddressProbes) -> set[Reply]:
    """The ways in which an address left questions about versions open.

    Not held against it is silence about SSL 2.0 where it speaks TLS 1.3, for no software has ever known both.
    """
    modern = probes.versions[Version.TLS13].accepted
    replies = {said.reply for version, said in probes.versions.items() if version is not Version.SSL2 or not modern}
    return replies & {Reply.SILENT, Reply.UNREACHED}
