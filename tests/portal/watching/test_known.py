"""What is worth telling: pure values."""

from datetime import timedelta

import pytest

from checks.contract import Finding, Severity, Status
from portal.watching import known
from portal.watching.known import Known
from tests.portal.watching.year import BEGIN, DAY, DOMAIN, certificate, signatures

PASSES = Finding("mail.spf", Status.PASS, Severity.INFO, DOMAIN, "x", {})
UNKNOWN = Finding("mail.spf", Status.UNKNOWN, Severity.INFO, DOMAIN, "x", {})
LOW = Finding("mail.spf", Status.FAIL, Severity.LOW, DOMAIN, "x", {})
HIGH = Finding("mail.spf", Status.FAIL, Severity.HIGH, DOMAIN, "y", {})
JUDGED_OTHERWISE = Finding("mail.spf", Status.FAIL, Severity.HIGH, DOMAIN, "x", {})
WORTH_KNOWING = Finding("mail.spf", Status.INFO, Severity.INFO, DOMAIN, "z", {})
NOT_APPLICABLE = Finding("mail.spf", Status.NOT_APPLICABLE, Severity.INFO, DOMAIN, "z", {})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([PASSES, HIGH], [0, 1]),
        ([LOW, HIGH, HIGH], [0, 1, 0]),
        ([HIGH, LOW], [0, 0]),
        ([PASSES, UNKNOWN], [0, 0]),
        ([PASSES, UNKNOWN, LOW], [0, 0, 1]),
        ([LOW, UNKNOWN, LOW], [0, 0, 0]),
        ([HIGH], [0]),
        ([PASSES, LOW, PASSES, LOW], [0, 1, 0, 1]),
        ([WORTH_KNOWING, LOW], [0, 1]),
        ([NOT_APPLICABLE, LOW], [0, 0]),
        ([PASSES, NOT_APPLICABLE, LOW], [0, 0, 1]),
        ([LOW, JUDGED_OTHERWISE], [0, 0]),
    ],
)
def test_only_what_got_worse_is_told(found: list[Finding], told: list[int]) -> None:
    state, counted = Known(), []
    for finding in found:
        counted.append(len(list(known.worse(state, [finding], BEGIN))))
        state = known.decode(known.encode(known.learned(state, [finding], BEGIN)))
    assert counted == told


def test_certificate_that_only_ends_soon_is_left_to_reminders() -> None:
    fine = known.learned(Known(), [certificate(BEGIN + 20 * DAY, BEGIN)], BEGIN)
    later = BEGIN + 10 * DAY
    assert list(known.worse(fine, [certificate(BEGIN + 20 * DAY, later)], later)) == []
    over = BEGIN + 21 * DAY
    assert len(list(known.worse(fine, [certificate(BEGIN + 20 * DAY, over)], over))) == 1


@pytest.mark.parametrize(
    ("left", "kinds"),
    [(31, []), (30, ["ends-30"]), (15, ["ends-30"]), (14, ["ends-14"]), (6, ["ends-7"]), (1, ["ends-1"]), (-1, [])],
)
def test_nearest_number_of_days_is_told(left: int, kinds: list[str]) -> None:
    state = known.learned(Known(), [certificate(BEGIN + left * DAY, BEGIN)], BEGIN)
    assert [news.kind for news in known.reminders(state, BEGIN)] == kinds


def test_what_cannot_be_seen_any_more_is_still_reminded_of() -> None:
    state = known.learned(Known(), [certificate(BEGIN + 20 * DAY, BEGIN)], BEGIN)
    unseen = Finding("tls.expiry", Status.UNKNOWN, Severity.INFO, DOMAIN, "timeout", {})
    later = BEGIN + 13 * DAY
    assert [news.kind for news in known.reminders(known.learned(state, [unseen], later), later)] == ["ends-7"]


def test_what_is_gone_or_renewed_reminds_nobody() -> None:
    state = known.learned(Known(), [certificate(BEGIN + 20 * DAY, BEGIN)], BEGIN)
    later = BEGIN + 13 * DAY
    assert list(known.reminders(known.learned(state, [], later), later)) == []
    renewed = known.learned(state, [certificate(BEGIN + 100 * DAY, later)], later)
    assert list(known.reminders(renewed, later)) == []


def test_signatures_remind_only_when_nobody_renewed_them() -> None:
    state, told = Known(), []
    for day in range(14):
        now = BEGIN + day * DAY
        state = known.learned(state, [signatures(BEGIN + 13 * DAY, now)], now)
        told += [news.kind for news in known.reminders(state, now)]
    assert sorted(set(told)) == ["ends-1", "ends-7"]


def test_certificate_that_a_machine_renews_each_week_reminds_only_when_it_runs_down() -> None:
    state, told = Known(), []
    for week in range(6):
        now = BEGIN + week * 7 * DAY
        state = known.learned(state, [certificate(now + 6 * DAY, now)], now)
        told.append([news.kind for news in known.reminders(state, now)])
    last = now + 5 * DAY
    left_alone = known.learned(state, [certificate(last + DAY, last)], last)
    assert told == [["ends-7"], [], [], [], [], []]
    assert [news.kind for news in known.reminders(left_alone, last)] == ["ends-1"]


def test_next_look_is_when_somebody_is_to_be_reminded() -> None:
    state = known.learned(Known(), [certificate(BEGIN + 33 * DAY, BEGIN)], BEGIN)
    assert known.next_look(state, BEGIN) == BEGIN + 3 * DAY
    assert known.next_look(state, BEGIN + 3 * DAY) == BEGIN + 10 * DAY
    assert known.next_look(Known(), BEGIN) == BEGIN + timedelta(days=7)
