"""mail.tls_rpt: does anybody hear of it where mail to the domain cannot be encrypted as promised? (RFC 8460)."""

from collections.abc import Iterator

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
from checks.records.tls_rpt import TlsReports, addresses_meant, compose, counts, looks_like_tls_rpt, parse

REPORTED = passed("reported")
ABSENT = failed("absent")
INVALID = failed("invalid")
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
    counting = [text for text in found.record.records if counts(text)]
    meant = [text for text in found.record.records if counts(text) or looks_like_tls_rpt(text)]
    reports = parse(counting[0]) if len(counting) == 1 else None
    facts: dict[str, Json] = {
        "place": found.record.name,
        "records": [*meant],
        "addresses": [*reports.addresses] if reports else [],
        "address": f"{REPORTS_AT}@{evidence.domain}",
    }
    outcome = _outcome(evidence, reports, meant)
    if outcome is None:
        return Verdict(found.sts.reason, evidence.domain, facts)
    records = _records(evidence, found, outcome, meant) if outcome in {ABSENT, INVALID} else ()
    return Verdict(outcome, evidence.domain, facts, records)


def _outcome(evidence: Evidence, reports: TlsReports | None, meant: list[str]) -> Outcome | None:
    """None where it takes to know whether there is a policy, and that could not be told."""
    if reports is not None and reports.addresses and not reports.unusable:
        return REPORTED
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


def _records(evidence: Evidence, found: TlsReporting, outcome: Outcome, meant: list[str]) -> tuple[Record, ...]:
    """One good record with the addresses that were meant, else with one of the domain's own; none in another's zone."""
    place = found.record.alias or found.record.name
    if not is_below(place, evidence.domain):
        return ()
    addresses = addresses_meant(meant) or (f"mailto:{REPORTS_AT}@{evidence.domain}",)
    return (Record("add" if outcome is ABSENT else "replace", place, "TXT", compose(addresses)),)


CHECK = Check(
    "mail.tls_rpt",
    needs=(MailRouting, TlsReporting, Promises),
    outcomes=(REPORTED, ABSENT, INVALID, NOT_NEEDED, NO_MX),
    judge=judge,
)
