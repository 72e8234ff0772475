"""What ends when, and when to look again: the report's list, and the calendar's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from checks.dates import dates
from portal.assessments.report.input import ReportInput

CHECK_AGAIN = timedelta(days=30)
"""After a check: by then the fixes are done and known everywhere."""
ANSWER_AGAIN = timedelta(days=182)
"""After the report: half a year, in which staff, devices and services change."""


class Kind(StrEnum):
    """What a date is about."""

    CERTIFICATE = "certificate"
    MAIL_CERTIFICATE = "mail-certificate"
    DOMAIN = "domain"
    SIGNATURES = "signatures"
    SECURITY_TXT = "security-txt"
    CHECK_AGAIN = "check-again"
    ANSWER_AGAIN = "answer-again"


_KINDS = {
    "tls.expiry": Kind.CERTIFICATE,
    "mail.mx_certificate": Kind.MAIL_CERTIFICATE,
    "dns.domain_expiry": Kind.DOMAIN,
    "dns.dnssec_expiry": Kind.SIGNATURES,
    "web.security_txt": Kind.SECURITY_TXT,
}


class Dated(Struct, frozen=True):
    """One date; `when` is aware. `subject`: whose it is, empty for the firm's own. `over`: already past then."""

    when: datetime
    kind: Kind
    subject: str
    over: bool = False


def report_dates(report: ReportInput) -> tuple[Dated, ...]:
    """The first to come first; each once, though several domains may share a mail server."""
    found = [*_ending(report), *_again(report)]
    unique = {(each.kind, each.subject): each for each in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda each: (each.when, each.kind.value, each.subject)))


def _ending(report: ReportInput) -> Iterable[Dated]:
    for inspected in report.inspected:
        for due in dates(inspected.findings):
            if due.id in _KINDS:
                yield Dated(due.expires, _KINDS[due.id], due.subject, due.expires <= report.made_at)


def _again(report: ReportInput) -> Iterable[Dated]:
    for inspected in report.inspected:
        yield Dated(inspected.started_at + CHECK_AGAIN, Kind.CHECK_AGAIN, inspected.domain)
    if report.firm is not None:
        yield Dated(report.made_at + ANSWER_AGAIN, Kind.ANSWER_AGAIN, "")
