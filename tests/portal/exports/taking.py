"""What is taken along in the tests: a bad domain's check, and a sheet that answers everything with its worst."""

from datetime import UTC, datetime

from checks.contract import Finding, Fix, Record, Severity, Snippet, Status
from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.proofs import Proof
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, ONE_NAME_SERVER, made
from tests.portal.pages.answering import PROFILE, everything

BEGAN = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
MADE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SITE = "https://kyberkunto.example/en"
CERTIFICATE = made("tls.expiry", "valid", f"www.{DOMAIN}", expires="2027-02-03T22:30:00+00:00", authority="Some CA")
SIGNATURE = made("dns.dnssec_expiry", "fresh", expires="2026-12-20T00:00:00+00:00", zone=DOMAIN)
REGISTRATION = made("dns.domain_expiry", "registered", expires="2027-05-03T00:00:00Z", statuses="active", days_left=160)
OPEN = made("ports.remote_desktop", "open", address="198.18.0.9", services="3389")
FINDINGS = (NO_DMARC, ONE_NAME_SERVER, CERTIFICATE, SIGNATURE, REGISTRATION, OPEN)
LIMITS = Limits(0, 480)


def inspected(*findings: Finding, domain: str = DOMAIN) -> Inspected:
    return Inspected(domain, BEGAN, 1.5, "2026.11", findings, ("198.18.0.53",))


def of_check(*findings: Finding, language: str = "en", domain: str = DOMAIN) -> ReportInput:
    return ReportInput(language, MADE, (inspected(*(findings or FINDINGS), domain=domain),), site=SITE)


def of_sheet(
    *findings: Finding, language: str = "en", place: int = 0, done: dict[str, datetime] | None = None
) -> ReportInput:
    catalogue = current()
    chosen = everything(place)
    answers = {name: answer for name, answer in chosen.items() if name not in PROFILE}
    sheet = Sheet(catalogue.version, PROFILE, answers, frozenset(done or {}))
    checks = (inspected(*findings),) if findings else ()
    firm = Firm(
        catalogue,
        sheet,
        assess(catalogue, sheet, checks, LIMITS),
        LIMITS,
        given=dict.fromkeys(answers, BEGAN),
        proofs=tuple(Proof(name, when) for name, when in (done or {}).items()),
    )
    return ReportInput(language, MADE, checks, firm, site=SITE)


def with_answers(report: ReportInput, answers: dict[str, str]) -> ReportInput:
    """The same firm, had it answered so."""
    firm = report.firm
    assert firm is not None
    sheet = Sheet(firm.sheet.version, firm.sheet.profile, answers)
    again = Firm(
        firm.catalogue,
        sheet,
        assess(firm.catalogue, sheet, report.inspected, LIMITS),
        LIMITS,
        given={name: when for name, when in firm.given.items() if name in answers},
    )
    return ReportInput(report.language, MADE, report.inspected, again, site=SITE)


def hostile(text: str) -> Finding:
    """A finding whose every field that strangers fill holds that text."""
    assert NO_DMARC.fix is not None
    fix = Fix(NO_DMARC.fix.id, (Record("add", text, "TXT", text),), (Snippet("nginx", text),))
    facts = {**NO_DMARC.evidence, "seen": text, "all": [text, text], text or "empty": text}
    return Finding("mail.dmarc", Status.FAIL, Severity.HIGH, text, NO_DMARC.outcome, facts, fix)
