from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks import advice
from checks.contract import Finding, Outcome, Severity, Status
from checks.registry import ALL_CHECKS
from checks.score import WEIGHTS, Score, score

DOMAIN = "firm.fi"


def finding(check_id: str, status: Status, severity: Severity = Severity.INFO, subject: str = DOMAIN) -> Finding:
    return Finding(check_id, status, severity, subject, "x", {})


def of(check_id: str, outcome: Outcome, subject: str) -> Finding:
    severity = advice.card(check_id).outcome(outcome.name).severity
    return Finding(check_id, outcome.status, severity, subject, outcome.name, {})


any_finding = st.sampled_from(ALL_CHECKS).flatmap(
    lambda check: st.builds(of, st.just(check.id), st.sampled_from(check.outcomes), st.sampled_from(["a", "b", "c"]))
)
any_findings = st.lists(any_finding, max_size=30)


def test_nothing_judged_is_the_widest_interval() -> None:
    assert score([]) == Score(0.0, 100.0)
    assert score([finding("dns.caa", Status.NOT_APPLICABLE), finding("mail.mx", Status.INFO)]) == Score(0.0, 100.0)


def test_all_passed_is_full_and_one_fault_costs_its_weight() -> None:
    passes = [finding(check.id, Status.PASS) for check in ALL_CHECKS]
    assert score(passes) == Score(100.0, 100.0)
    total = sum(WEIGHTS[advice.heaviest(check.id)] for check in ALL_CHECKS)
    faulty = [
        replace(each, status=Status.FAIL, severity=Severity.LOW) if each.id == "dns.caa" else each for each in passes
    ]
    share = round(100 * (total - 1) / total, 1)
    assert score(faulty) == Score(share, share)


def test_unknown_counts_as_the_gravest_in_low_and_as_passed_in_high() -> None:
    found = score([finding("dns.dnssec", Status.UNKNOWN), finding("dns.ns_count", Status.PASS)])
    grave = WEIGHTS[Severity.CRITICAL]
    total = grave + WEIGHTS[Severity.MEDIUM]
    assert found == Score(round(100 * (total - grave) / total, 1), 100.0)


def test_check_counts_once_at_its_worst_subject() -> None:
    several = [finding("dns.dnssec", Status.FAIL, Severity.LOW, subject) for subject in ("a", "b", "c")]
    assert score(several) == score(several[:1])
    worse = [*several, finding("dns.dnssec", Status.FAIL, Severity.CRITICAL, "d")]
    assert score(worse) == Score(0.0, 0.0)


@given(any_findings)
def test_interval_lies_within_0_and_100_and_in_order(findings: list[Finding]) -> None:
    found = score(findings)
    assert 0.0 <= found.low <= found.high <= 100.0
    assert (round(found.low, 1), round(found.high, 1)) == (found.low, found.high)


@given(any_findings, st.randoms())
def test_order_does_not_matter(findings: list[Finding], random: object) -> None:
    shuffled = findings.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined] - hypothesis's own Random
    assert score(shuffled) == score(findings)


@given(any_findings)
def test_without_unknowns_the_interval_is_a_point(findings: list[Finding]) -> None:
    known = [each for each in findings if each.status is not Status.UNKNOWN]
    found = score(known)
    assert found.low == found.high or found == Score(0.0, 100.0)


@given(any_findings)
def test_whatever_an_unknown_turns_out_to_be_lies_within(findings: list[Finding]) -> None:
    found = score(findings)
    for status in (Status.PASS, Status.FAIL):
        settled = score(
            replace(
                each,
                status=status,
                severity=advice.heaviest(each.id) if status is Status.FAIL else Severity.INFO,
            )
            if each.status is Status.UNKNOWN
            else each
            for each in findings
        )
        assert found.low <= settled.low
        assert settled.high <= found.high


@given(any_findings)
def test_mending_a_fault_never_lowers_the_score(findings: list[Finding]) -> None:
    before = score(findings)
    for at, each in enumerate(findings):
        if each.status is Status.FAIL:
            mended = [*findings[:at], replace(each, status=Status.PASS, severity=Severity.INFO), *findings[at + 1 :]]
            assert score(mended).low >= before.low
            assert score(mended).high >= before.high
