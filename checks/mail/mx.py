"""mail.mx: does the domain say where its mail goes, in a way that mail arrives? (RFC 5321, section 5.1; RFC 7505)."""

from collections.abc import Iterable, Iterator

from checks.contract import ADDRESS_NOT_PUBLIC, Check, Evidence, Json, Outcome, Record, Verdict, failed, info, passed
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.smtp import Ending, MailServers

PRESENT = passed("present")
TAKES_NO_MAIL = passed("takes-no-mail")
NOWHERE = info("nowhere")
IS_ALIAS = info("is-alias")
IMPLICIT = failed("implicit")
IMPLICIT_SERVER = failed("implicit-server")
CONTRADICTORY = failed("contradictory")
TARGET_IS_ADDRESS = failed("target-is-address")
UNRESOLVABLE = failed("unresolvable")
PARTLY_UNRESOLVABLE = failed("partly-unresolvable")

_NO_MAIL_SERVER = {Ending.UNREACHED, Ending.NOT_SMTP}
_UNCERTAIN = {Ending.SILENT, Ending.BROKEN_OFF}


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain: the gravest that is proven."""
    routing, servers = evidence.part(MailRouting), evidence.part(MailServers)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
        return
    outcome, concerned = _of_hosts(routing) if routing.mx.records else _without_records(routing, servers)
    facts: dict[str, Json] = {
        "mail_servers": [host.host or "." for host in routing.hosts],
        "concerned": [host.host or "." for host in concerned],
        "alias": routing.mx.alias,
    }
    records = _records(outcome, evidence.domain, concerned)
    if outcome is IMPLICIT and not _takes_no_mail(servers):
        records = ()  # what would refuse all mail is only offered where nobody was seen to take any
    yield Verdict(outcome, evidence.domain, facts, records)


def _without_records(routing: MailRouting, servers: MailServers) -> tuple[Outcome, list[MailHost]]:
    if not routing.implicit:
        return NOWHERE, []
    if routing.mx.alias is not None:  # no other record can stand beside a CNAME (RFC 1034, section 3.6.2)
        return IS_ALIAS, []
    answered = set(_endings(servers)) - _NO_MAIL_SERVER - _UNCERTAIN
    return (IMPLICIT_SERVER if answered else IMPLICIT), []


def _endings(servers: MailServers) -> list[Ending]:
    return [conversation.ending for server in servers.servers for conversation in server.conversations]


def _takes_no_mail(servers: MailServers) -> bool:
    """Whether it was seen that no mail server is at the domain's own address, and not our own network's doing."""
    talks = [conversation for server in servers.servers for conversation in server.conversations]
    seen = bool(talks) and not servers.port_blocked
    return seen and all(one.ending in _NO_MAIL_SERVER and not one.reach.is_ours for one in talks)


def _of_hosts(routing: MailRouting) -> tuple[Outcome, list[MailHost]]:
    """The outcome and the hosts it is about; one that could not be looked up leaves open what nothing else proves."""
    if routing.null:
        return TAKES_NO_MAIL, []
    roots = [host for host in routing.hosts if not host.host]
    if roots:
        return CONTRADICTORY, roots
    literal = [host for host in routing.hosts if host.addresses is None]
    if literal:
        return TARGET_IS_ADDRESS, literal
    known = [(host, host.addresses) for host in routing.hosts if host.addresses is not None]
    gone = [host for host, found in known if found.answered and not found.exists]
    if gone:
        return (UNRESOLVABLE if len(gone) == len(known) else PARTLY_UNRESOLVABLE), gone
    silent = [found for _, found in known if not found.exists]
    if silent:
        return silent[0].reason, []
    return (PRESENT if any(found.vetted for _, found in known) else ADDRESS_NOT_PUBLIC), []


def _records(outcome: Outcome, domain: str, hosts: Iterable[MailHost]) -> tuple[Record, ...]:
    """The superfluous records to remove; for a domain without any, the one that says who takes its mail, or nobody."""
    if outcome is IMPLICIT:
        return (Record("add", domain, "MX", "0 ."),)
    if outcome is IMPLICIT_SERVER:
        return (Record("add", domain, "MX", f"10 {domain}"),)
    if outcome in {CONTRADICTORY, PARTLY_UNRESOLVABLE}:
        return tuple(Record("remove", domain, "MX", f"{host.preference} {host.host or '.'}") for host in hosts)
    return ()


CHECK = Check(
    "mail.mx",
    needs=(MailRouting, MailServers),
    outcomes=(
        PRESENT,
        TAKES_NO_MAIL,
        NOWHERE,
        IS_ALIAS,
        IMPLICIT,
        IMPLICIT_SERVER,
        CONTRADICTORY,
        TARGET_IS_ADDRESS,
        UNRESOLVABLE,
        PARTLY_UNRESOLVABLE,
    ),
    judge=judge,
)
