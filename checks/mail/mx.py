"""mail.mx: does the domain say where its mail goes, in a way that mail arrives? (RFC 5321, section 5.1; RFC 7505)."""

from collections.abc import Iterable, Iterator

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, info, passed
from checks.evidence.mail import MailHost, MailRouting

PRESENT = passed("present")
TAKES_NO_MAIL = passed("takes-no-mail")
NOWHERE = info("nowhere")
IMPLICIT = failed("implicit")
CONTRADICTORY = failed("contradictory")
TARGET_IS_ADDRESS = failed("target-is-address")
UNRESOLVABLE = failed("unresolvable")
PARTLY_UNRESOLVABLE = failed("partly-unresolvable")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain: the gravest that is proven."""
    routing = evidence.part(MailRouting)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
        return
    outcome, concerned = _of_hosts(routing) if routing.mx.records else _without_records(routing)
    facts: dict[str, Json] = {
        "mail_servers": [host.host or "." for host in routing.hosts],
        "concerned": [host.host or "." for host in concerned],
    }
    yield Verdict(outcome, evidence.domain, facts, _records(outcome, evidence.domain, concerned))


def _without_records(routing: MailRouting) -> tuple[Outcome, list[MailHost]]:
    return (IMPLICIT if routing.implicit else NOWHERE), []


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
    return (silent[0].reason if silent else PRESENT), []


def _records(outcome: Outcome, domain: str, hosts: Iterable[MailHost]) -> tuple[Record, ...]:
    """The superfluous records to remove; for a domain without any, the one that says that it takes no mail."""
    if outcome is IMPLICIT:
        return (Record("add", domain, "MX", "0 ."),)
    if outcome in {CONTRADICTORY, PARTLY_UNRESOLVABLE}:
        return tuple(Record("remove", domain, "MX", f"{host.preference} {host.host or '.'}") for host in hosts)
    return ()


CHECK = Check(
    "mail.mx",
    needs=(MailRouting,),
    outcomes=(
        PRESENT,
        TAKES_NO_MAIL,
        NOWHERE,
        IMPLICIT,
        CONTRADICTORY,
        TARGET_IS_ADDRESS,
        UNRESOLVABLE,
        PARTLY_UNRESOLVABLE,
    ),
    judge=judge,
)
