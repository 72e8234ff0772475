"""Findings as inspections make them, for tests of how they are told."""

from checks.contract import Finding, Fix, Record, Severity, Snippet, Status, Verdict
from checks.inspection import to_finding
from checks.registry import ALL_CHECKS

DOMAIN = "kahvila.test"


def made(
    check_id: str, outcome: str, subject: str = DOMAIN, records: tuple[Record, ...] = (), **facts: object
) -> Finding:
    """The finding that this check makes of that outcome, with these facts."""
    check = next(check for check in ALL_CHECKS if check.id == check_id)
    known = next(one for one in check.outcomes if one.name == outcome)
    return to_finding(check_id, Verdict(known, subject, facts, records))  # type: ignore[arg-type]


NO_DMARC = made(
    "mail.dmarc",
    "absent",
    records=(Record("add", f"_dmarc.{DOMAIN}", "TXT", f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}"),),
)
ONE_NAME_SERVER = made("dns.ns_count", "only-one", zone=DOMAIN, name_servers=["ns1.kahvila.test"], count=1)
AT_ZONER = made("dns.ns_count", "enough", zone=DOMAIN, name_servers=["ns1.zoner.fi", "ns3.zoner.fi"], count=2)
OF_ANOTHER_TIME = (
    # A fact that today's words name is not there; the outcome, the fix, the whole check are not there any more.
    Finding("dns.caa", Status.FAIL, Severity.LOW, DOMAIN, "absent", {}, Fix("no-longer-there")),
    Finding("web.hsts", Status.FAIL, Severity.LOW, DOMAIN, "too-brief", {}),
    Finding("ports.telnet", Status.PASS, Severity.INFO, DOMAIN, "closed", {}),
    Finding("mail.pigeons", Status.FAIL, Severity.HIGH, DOMAIN, "lost", {}, Fix("feed-them")),
)
"""As an earlier version of the checks might have kept them."""
CLOSED = made("ports.database", "closed", ports="3306, 5432")


def with_snippet(finding: Finding, text: str) -> Finding:
    """The same with a piece of configuration in its fix."""
    assert finding.fix is not None
    fix = type(finding.fix)(finding.fix.id, finding.fix.records, (Snippet("nginx", text),))
    return Finding(finding.id, Status.FAIL, finding.severity, finding.subject, finding.outcome, finding.evidence, fix)
