"""What became of one finding: never better than what was seen."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from checks.contract import DNS_TIMEOUT, KEPT_UNTIL, NOT_ASKED, NOT_STATED, Finding, Severity, Status
from portal.assessments.rechecking import Asked, Became, became, kept_until, told
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, OF_ANOTHER_TIME, made

PRESENT = made("mail.dmarc", "present", record="v=DMARC1; p=none", policy="none", found_at=DOMAIN)
SEVERAL = made("mail.dmarc", "several", records=(), count=2)


def _common(outcome: str, status: Status = Status.NOT_APPLICABLE) -> Finding:
    return Finding("mail.dmarc", status, Severity.INFO, DOMAIN, outcome, {})


UNTOLD = _common(DNS_TIMEOUT.name, Status.UNKNOWN)


@pytest.mark.parametrize(
    ("before", "now", "is_now"),
    [
        (NO_DMARC, PRESENT, Became.MENDED),
        (UNTOLD, PRESENT, Became.FINE),
        (PRESENT, PRESENT, Became.FINE),
        (NO_DMARC, NO_DMARC, Became.SAME),
        (NO_DMARC, SEVERAL, Became.CHANGED),
        (UNTOLD, NO_DMARC, Became.FOUND),
        (PRESENT, NO_DMARC, Became.BROKEN),
        (NO_DMARC, UNTOLD, Became.UNTOLD),
        (NO_DMARC, _common(NOT_ASKED.name), Became.LEFT_OUT),
        (NO_DMARC, _common(NOT_STATED.name), Became.LEFT_OUT),
        (NO_DMARC, _common("no-mail"), Became.SETTLED),
        (NO_DMARC, replace(PRESENT, status=Status.INFO), Became.SETTLED),
    ],
)
def test_what_became_of_it_is_what_the_two_checks_told(before: Finding, now: Finding, is_now: Became) -> None:
    assert became(before, now, ended=True) is is_now


def test_what_is_not_there_is_waited_for_and_then_gone() -> None:
    assert became(NO_DMARC, None, ended=False) is Became.WAITING
    assert became(NO_DMARC, None, ended=True) is Became.GONE


def test_a_finding_is_named_by_its_check_and_subject() -> None:
    asked = Asked.parse(f"mail.dmarc {DOMAIN}")
    assert asked.among([made("dns.caa", "absent"), NO_DMARC]) == NO_DMARC
    assert Asked.parse(asked.key) == asked
    assert [Asked.parse(text).among([NO_DMARC]) for text in ("", "mail.dmarc", f"{DOMAIN} mail.dmarc", "\0")] == [
        None
    ] * 4


def test_a_finding_of_an_earlier_version_has_not_become_anything_that_we_cannot_tell() -> None:
    of_another_time = OF_ANOTHER_TIME[1]
    now = made("web.hsts", "on", value="max-age=31536000", max_age=31536000, days=365)
    seen = told(of_another_time, now, DOMAIN, "en", ended=True)
    assert (seen.before.finding.status, seen.became) == (Status.UNKNOWN, Became.FINE)


@pytest.mark.parametrize("noted", [None, 7, "soon", "2026-11-23T10:00:00Z"])
def test_nothing_is_said_of_a_memory_that_is_over_or_that_nobody_knows(noted: object) -> None:
    finding = replace(NO_DMARC, evidence={KEPT_UNTIL: noted} if noted else {})  # type: ignore[dict-item]
    assert kept_until(finding, datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) is None


def test_the_name_service_s_memory_is_told_while_it_lasts() -> None:
    until = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    finding = replace(NO_DMARC, evidence={KEPT_UNTIL: "2026-11-23T10:00:00Z"})
    assert kept_until(finding, until - timedelta(seconds=1)) == until
