"""dns.ipv6: can the domain's servers be found over IPv6 as well? (RFC 8200; RFC 3596)."""

from collections.abc import Iterable, Iterator

from checks.contract import NO_WEB, Check, Evidence, Json, Verdict, info, passed
from checks.evidence.authority import NameServers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, HostAddresses
from checks.evidence.mail import MailRouting
from checks.evidence.web_addresses import WebAddresses

EVERYWHERE = passed("everywhere")
PARTLY = info("partly")
NOWHERE = info("nowhere")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the records of all servers together; whether they answer there is another matter."""
    routing = evidence.part(MailRouting)
    web = _known(evidence.part(WebAddresses).hosts)
    mail = _known(host.addresses for host in routing.hosts if host.addresses is not None and routing.mx.records)
    servers = _known(evidence.part(NameServers).servers)
    everyone = (*web, *mail, *servers)
    open_questions = [evidence.part(Delegation).zone_servers, routing.mx, *_unanswered(evidence, everyone)]
    unanswered = [answer for answer in open_questions if not answer.answered]
    if unanswered:
        yield Verdict(unanswered[0].reason, evidence.domain)
    elif not everyone:
        yield Verdict(NO_WEB, evidence.domain)
    elif _all(web) and (not mail or _any(mail)) and (not servers or _any(servers)):
        yield Verdict(EVERYWHERE, evidence.domain, _facts(everyone))
    else:
        yield Verdict(PARTLY if _any(everyone) else NOWHERE, evidence.domain, _facts(everyone))


def _unanswered(evidence: Evidence, hosts: Iterable[HostAddresses]) -> Iterator[Answer]:
    yield from (host.v6 for host in hosts if not _has_ipv6(host))
    for host in evidence.part(WebAddresses).hosts:
        yield from (host.v4, host.v6)


def _facts(hosts: Iterable[HostAddresses]) -> dict[str, Json]:
    names = {host.host: _has_ipv6(host) for host in hosts}
    return {
        "with_ipv6": [*sorted(name for name, has in names.items() if has)],
        "without_ipv6": [*sorted(name for name, has in names.items() if not has)],
    }


def _known(hosts: Iterable[HostAddresses]) -> tuple[HostAddresses, ...]:
    return tuple(host for host in hosts if host.exists)


def _all(hosts: Iterable[HostAddresses]) -> bool:
    """Of the web's names each must be found: visitors type the one or the other."""
    return all(_has_ipv6(host) for host in hosts)


def _any(hosts: Iterable[HostAddresses]) -> bool:
    """Of mail and name servers one is enough: the others step in for it."""
    return any(_has_ipv6(host) for host in hosts)


def _has_ipv6(host: HostAddresses) -> bool:
    return any(address.is_ipv6 for address in host.vetted)


CHECK = Check(
    "dns.ipv6",
    needs=(Delegation, NameServers, MailRouting, WebAddresses),
    outcomes=(EVERYWHERE, PARTLY, NOWHERE),
    judge=judge,
)
