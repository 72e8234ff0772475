"""mail.tls_rpt: does anybody hear of it where mail to the domain cannot be encrypted as promised? (RFC 8460)."""

from collections.abc import Iterator, Sequence

from checks.contract import (
    NO_MAIL,
    Check,
    Evidence,
    Json,
    Outcome,
    Record,
    Verdict,
    failed,
    info,
    not_applicable,
    passed,
)
from checks.evidence.dane import Promises
from checks.evidence.mail import MailRouting
from checks.evidence.tls_rpt import TlsReporting
from checks.mail.usage import has_inbox
from checks.records.host_names import is_below
from checks.records.mta_sts import is_sts
from checks.records.tls_rpt import TlsReports, addresses_meant, compose, destinations, is_meant, the_one

REPORTED = passed("reported")
ABSENT = failed("absent")
INVALID = failed("invalid")
NOT_TAKEN = failed("not-taken")
NOT_NEEDED = info("not-needed")
NO_MX = not_applicable("no-mx")

REPORTS_AT = "tls-reports"


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain. Reports are about promises: without one there is nothing that could be broken."""
    routing, found = evidence.part(MailRouting), evidence.part(TlsReporting)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
    elif not routing.receives:
        yield Verdict(NO_MAIL, evidence.domain)
    elif not has_inbox(routing):
        yield Verdict(NO_MX, evidence.domain)
    elif not found.record.answered:
        yield Verdict(found.record.reason, evidence.domain)
    else:
        yield _of(evidence, found)


def _of(evidence: Evidence, found: TlsReporting) -> Verdict:
    meant = [text for text in found.record.records if is_meant(text)]
    reports = the_one(found.record.records)
    lost = _lost(found, addresses_meant(meant))
    facts: dict[str, Json] = {
        "place": found.record.name,
        "records": [*meant],
        "addresses": [*reports.addresses] if reports else [],
        "address": f"{REPORTS_AT}@{evidence.domain}",
        "concerned": [*lost],
        "hosts": [*dict.fromkeys(each.host for each in destinations(lost))],
    }
    outcome = _outcome(evidence, reports, meant, lost)
    if outcome is None:
        return Verdict(found.sts.reason, evidence.domain, facts)
    kept = [each for each in addresses_meant(meant) if each not in lost]
    records = _records(evidence, found, outcome, kept) if outcome in {ABSENT, INVALID, NOT_TAKEN} else ()
    return Verdict(outcome, evidence.domain, facts, records)


def _lost(found: TlsReporting, addresses: Sequence[str]) -> tuple[str, ...]:
    """Those of the addresses at hosts where it is proven that no mail arrives."""
    dead = {host for host, inbox in found.inboxes.items() if inbox.takes_no_mail}
    return tuple(each.uri for each in destinations(addresses) if each.host in dead)


def _outcome(
    evidence: Evidence, reports: TlsReports | None, meant: Sequence[str], lost: Sequence[str]
) -> Outcome | None:
    """None where it takes to know whether there is a policy, and that could not be told."""
    if reports is not None and reports.addresses and not reports.unusable:
        return NOT_TAKEN if lost else REPORTED
    if meant:
        return INVALID
    sts = evidence.part(TlsReporting).sts
    if any(map(is_sts, sts.records)) or _promises_by_name(evidence):
        return ABSENT
    return NOT_NEEDED if sts.answered else None


def _promises_by_name(evidence: Evidence) -> bool:
    """Whether TLSA records of the domain's own promise certificates; a mail provider's are the provider's to watch."""
    hosts = evidence.part(Promises).hosts
    return any(each.tlsa.records and each.tlsa.authenticated and is_below(each.base, evidence.domain) for each in hosts)


def _records(evidence: Evidence, found: TlsReporting, outcome: Outcome, kept: Sequence[str]) -> tuple[Record, ...]:
    """One good record with the addresses to keep, else with one of the domain's own; none in another's zone."""
    place = found.record.alias or found.record.name
    if not is_below(place, evidence.domain):
        return ()
    addresses = kept or (f"mailto:{REPORTS_AT}@{evidence.domain}",)
    return (Record("add" if outcome is ABSENT else "replace", place, "TXT", compose(addresses)),)


CHECK = Check(
    "mail.tls_rpt",
    needs=(MailRouting, TlsReporting, Promises),
    outcomes=(REPORTED, ABSENT, INVALID, NOT_TAKEN, NOT_NEEDED, NO_MX),
    judge=judge,
)
