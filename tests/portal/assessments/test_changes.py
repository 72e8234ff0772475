"""What changed between two checks: pure values, and what holds for any two checks."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.contract import NOT_ASKED, NOT_STATED, Finding, Severity, Status
from portal.assessments.changes import Changes, compare
from portal.assessments.inspected import Inspected

DOMAIN = "kahvila.test"
BEGIN = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def _found(status: Status, severity: Severity = Severity.INFO, outcome: str = "", check: str = "mail.spf") -> Finding:
    return Finding(check, status, severity, DOMAIN, outcome or f"{status}-{severity}", {})


def _ended(*findings: Finding, days: int = 0, version: str = "2026.11") -> Inspected:
    return Inspected(DOMAIN, BEGIN + days * DAY, 1.5, version, findings)


def _sizes(changes: Changes) -> dict[str, int]:
    sizes = {name: len(getattr(changes, name)) for name in Changes.__struct_fields__}
    return {name: size for name, size in sizes.items() if size}


PASSES, INFO = _found(Status.PASS), _found(Status.INFO)
LOW, HIGH = _found(Status.FAIL, Severity.LOW), _found(Status.FAIL, Severity.HIGH)
UNKNOWN = _found(Status.UNKNOWN)
UNASKED = _found(Status.NOT_APPLICABLE, outcome=NOT_ASKED.name)
UNSTATED = _found(Status.NOT_APPLICABLE, outcome=NOT_STATED.name)
ELSEWHERE = _found(Status.NOT_APPLICABLE, outcome="no-web")


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (HIGH, PASSES, "fixed"),
        (PASSES, HIGH, "new"),
        (INFO, LOW, "new"),
        (LOW, HIGH, "worse"),
        (HIGH, LOW, "better"),
        (HIGH, INFO, "better"),
        (HIGH, HIGH, "same"),
        (LOW, _found(Status.FAIL, Severity.LOW, "another"), "same"),
        (LOW, _found(Status.FAIL, Severity.HIGH, LOW.outcome), "same"),
        (HIGH, UNKNOWN, "untold"),
        (HIGH, UNASKED, "untold"),
        (HIGH, UNSTATED, "untold"),
        (HIGH, ELSEWHERE, "untold"),
        (HIGH, None, "untold"),
        (UNKNOWN, HIGH, "first_told"),
        (UNASKED, HIGH, "first_told"),
        (UNSTATED, HIGH, "first_told"),
        (None, HIGH, "first_told"),
        (PASSES, UNKNOWN, None),
        (UNKNOWN, PASSES, None),
        (None, None, None),
    ],
)
def test_each_way_from_one_check_to_the_next_has_its_name(
    before: Finding | None, now: Finding | None, kind: str | None
) -> None:
    earlier = _ended(*[before] if before else [])
    later = _ended(*[now] if now else [], days=1)
    assert _sizes(compare(earlier, later)) == ({kind: 1} if kind else {})


def test_a_check_that_the_catalogue_brought_is_not_new_and_one_that_it_took_away_not_fixed() -> None:
    earlier = _ended(PASSES, _found(Status.FAIL, Severity.HIGH, check="mail.pigeons"))
    later = _ended(PASSES, _found(Status.FAIL, Severity.HIGH, check="mail.doves"), days=1, version="2026.12")
    assert _sizes(compare(earlier, later)) == {"untold": 1, "first_told": 1}


FINDINGS = st.builds(
    Finding,
    st.sampled_from(["mail.spf", "mail.mx", "web.hsts"]),
    st.sampled_from(Status),
    st.sampled_from(Severity),
    st.sampled_from([DOMAIN, f"www.{DOMAIN}"]),
    st.sampled_from(["one", "other", NOT_ASKED.name]),
    st.just({}),
)
CHECKS = st.lists(FINDINGS, unique_by=lambda finding: (finding.id, finding.subject)).map(lambda all_: _ended(*all_))
TOLD = {Status.PASS, Status.FAIL, Status.INFO}


def _keys(found: Iterable[Finding | None]) -> list[tuple[str, str]]:
    return sorted((each.id, each.subject) for each in found if each and each.status is Status.FAIL)


@given(CHECKS, CHECKS)
def test_every_fault_is_in_one_group_and_only_told_ones_are_compared(earlier: Inspected, later: Inspected) -> None:
    changes = compare(earlier, later)
    every = [(name, change) for name in Changes.__struct_fields__ for change in getattr(changes, name)]
    assert _keys(change.before for _, change in every) == _keys(earlier.findings)
    assert _keys(change.now for _, change in every) == _keys(later.findings)
    for name, change in every:
        if name in {"fixed", "new", "worse", "better", "same"}:
            assert change.before is not None
            assert change.now is not None
            assert {change.before.status, change.now.status} <= TOLD
    assert all(change.now and change.now.status is Status.PASS for change in changes.fixed)
    assert all(change.before and change.before.status is not Status.FAIL for change in changes.new)


@given(CHECKS)
def test_the_same_check_twice_changes_nothing(inspected: Inspected) -> None:
    assert set(_sizes(compare(inspected, inspected))) <= {"same"}


@given(CHECKS, CHECKS)
def test_going_back_undoes_what_going_on_did(earlier: Inspected, later: Inspected) -> None:
    there, back = compare(earlier, later), compare(later, earlier)
    assert len(there.untold) == len(back.first_told)
    assert len(there.same) == len(back.same)
    assert len(there.fixed) + len(there.better) == len(back.new) + len(back.worse)
