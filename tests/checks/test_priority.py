from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks import advice
from checks.advice import ToldProvider
from checks.contract import Finding, Fix, Record, Severity, Snippet, Status
from checks.priority import Care, care_of, first_fixes, in_order
from checks.registry import ALL_CHECKS


def fault(check_id: str, outcome: str, subject: str = "firm.fi") -> Finding:
    entry = advice.card(check_id).outcome(outcome)
    assert entry.fix is not None
    return Finding(check_id, Status.FAIL, entry.severity, subject, outcome, {}, Fix(entry.fix))


FAULTS = [
    fault(check.id, outcome.name, outcome.name)
    for check in ALL_CHECKS
    for outcome in check.outcomes
    if outcome.status is Status.FAIL
]


def test_gravest_first_then_quickest() -> None:
    bogus, one_server, unsigned = (
        fault("dns.dnssec", "bogus"),
        fault("dns.ns_count", "only-one"),
        fault("dns.dnssec", "unsigned"),
    )
    assert in_order([unsigned, one_server, bogus]) == [bogus, one_server, unsigned]
    quick, slow = fault("mail.mx", "contradictory"), fault("dns.ns_count", "only-one")
    assert in_order([slow, quick]) == [quick, slow]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.FAIL])
def test_only_faults_are_to_be_mended(status: Status) -> None:
    assert in_order([Finding("mail.mx", status, Severity.INFO, "firm.fi", "present", {})]) == []


def test_one_fix_is_told_once_even_for_several_subjects() -> None:
    faults = [fault("mail.starttls", "not-offered", host) for host in ("mx2.firm.fi", "mx1.firm.fi")]
    assert [(each.id, each.subject) for each in first_fixes(faults)] == [("mail.starttls", "mx1.firm.fi")]


def test_fault_without_a_fix_is_told_last_and_is_no_first_fix() -> None:
    bare = Finding("dns.ns_count", Status.FAIL, Severity.MEDIUM, "firm.fi", "only-one", {})
    fixable = fault("dns.ns_count", "only-one", "other.fi")
    assert in_order([bare, fixable]) == [fixable, bare]
    assert first_fixes([bare]) == []


@given(st.permutations(FAULTS))
def test_order_is_the_same_whatever_came_first(findings: list[Finding]) -> None:
    assert in_order(findings) == in_order(FAULTS)
    severities = [list(Severity).index(finding.severity) for finding in in_order(findings)]
    assert severities == sorted(severities)
    assert len(first_fixes(findings)) == 3


def with_records(finding: Finding) -> Finding:
    assert finding.fix is not None
    return replace(finding, fix=replace(finding.fix, records=(Record("add", "firm.fi", "TXT", "v=one"),)))


@pytest.mark.parametrize(
    ("finding", "care"),
    [
        (fault("mail.starttls", "not-offered"), Care.YOURS),
        (fault("dns.ns_count", "only-one"), Care.PROVIDERS),
        (fault("tls.expiry", "expired"), Care.PROVIDERS),
        (fault("dns.dnssec", "no-ds"), Care.PROVIDERS),
        (with_records(fault("mail.mx", "contradictory")), Care.YOURS),
        (fault("dns.dnssec", "unsigned"), Care.MAY_BE_LEFT),
        (with_records(fault("dns.caa", "absent")), Care.MAY_BE_LEFT),
        (Finding("dns.ns_count", Status.FAIL, Severity.MEDIUM, "firm.fi", "only-one", {}), Care.YOURS),
        (Finding("mail.spf", Status.INFO, Severity.INFO, "firm.fi", "uses-ptr", {}), Care.MAY_BE_LEFT),
        (Finding("mail.mx", Status.PASS, Severity.INFO, "firm.fi", "present", {}), None),
        (Finding("mail.mx", Status.UNKNOWN, Severity.INFO, "firm.fi", "dns-timeout", {}), None),
        (Finding("tls.https", Status.NOT_APPLICABLE, Severity.INFO, "firm.fi", "no-web", {}), None),
    ],
)
def test_whose_it_is(finding: Finding, care: Care | None) -> None:
    assert care_of(finding) is care


def test_records_beside_a_web_server_s_lines_are_the_provider_s() -> None:
    finding = with_records(fault("tls.https", "absent"))
    assert finding.fix is not None
    assert care_of(finding) is Care.YOURS
    both = replace(finding, fix=replace(finding.fix, snippets=(Snippet("nginx", "x;"),)))
    assert care_of(both) is Care.PROVIDERS


@pytest.mark.parametrize(("theirs", "care"), [(False, Care.YOURS), (True, Care.PROVIDERS)])
def test_what_the_known_console_lets_its_customers_do_is_their_own(*, theirs: bool, care: Care) -> None:
    provider = ToldProvider("one", "One", ("Switch it on.",), "https://help.example/", date(2026, 11, 23), theirs)
    assert care_of(fault("web.redirect", "absent"), provider) is care
    assert care_of(fault("dns.dnssec", "unsigned"), provider) is Care.MAY_BE_LEFT


@pytest.mark.parametrize("finding", FAULTS, ids=lambda finding: f"{finding.id}-{finding.outcome}")
def test_only_a_low_fault_may_be_left(finding: Finding) -> None:
    assert care_of(finding) is not Care.MAY_BE_LEFT or finding.severity is Severity.LOW
