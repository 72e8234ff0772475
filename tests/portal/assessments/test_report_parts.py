"""The parts of a report as values: letters, dates, frameworks, answers with their source."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from checks.contract import Fix, Record
from portal.assessments.catalogue import DONT_KNOW
from portal.assessments.report.annex import Source
from portal.assessments.report.dates import CHECK_AGAIN, Kind
from portal.assessments.report.frameworks import TOTALS, Coverage, frameworks
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.report.letters import PARTIES
from portal.assessments.report.telling import tell
from portal.assessments.report.writing import render_html
from portal.assessments.sheets.result import Limits
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, ONE_NAME_SERVER, made
from tests.portal.assessments.reporting import BEGAN, firm, inspected, of_domain

EXPIRED = made(
    "tls.expiry", "soon", addresses=["198.18.0.1"], valid_from="2026-10-24T13:32:23+00:00",
    expires="2026-11-28T13:32:23+00:00", days_left=4, authority="Let's Encrypt",
)  # fmt: skip
OPEN = made("ports.remote_desktop", "open", services="RDP", address="198.18.0.9", ports="3389", open_ports=[3389])
NO_LIMITS = Limits()


def of_firm(found: Firm, *checks: object) -> ReportInput:
    return ReportInput("en", BEGAN, checks, found)  # type: ignore[arg-type]


def test_each_party_that_has_work_gets_its_own_letter_and_no_score() -> None:
    report = of_domain("en", NO_DMARC, ONE_NAME_SERVER, EXPIRED)
    letters = {letter.party: letter for letter in tell(report).letters}
    assert [*letters] == [party for party in PARTIES if party in letters]
    assert {task.card.step.lead.finding.id for task in letters["web-host"].tasks if task.card.step} == {"tls.expiry"}
    assert {task.card.step.lead.finding.id for task in letters["dns-host"].tasks if task.card.step} == {"dns.ns_count"}
    html = render_html(report)
    for part in html.split('<section class="mission">')[1:]:
        assert "points" not in part.split("</section>")[0]
        assert "out of 100" not in part.split("</section>")[0]


def test_a_letter_shows_the_present_record_beside_the_wanted_one() -> None:
    present, wanted = "v=DMARC1; p=none", "v=DMARC1; p=reject"
    fix = Fix(NO_DMARC.fix.id if NO_DMARC.fix else "", (Record("replace", f"_dmarc.{DOMAIN}", "TXT", wanted),))
    finding = replace(NO_DMARC, evidence={"record": present}, fix=fix)
    (letter,) = tell(of_domain("en", finding)).letters
    (change,) = letter.tasks[0].changes
    assert (change.present, change.wanted) == ((present,), wanted)
    assert letter.tasks[0].by_owner


def test_dates_come_in_order_and_end_with_looking_again() -> None:
    dates = tell(of_firm(firm(0), inspected(EXPIRED))).dates
    assert [dated.kind for dated in dates] == [Kind.CERTIFICATE, Kind.CHECK_AGAIN, Kind.ANSWER_AGAIN]
    assert dates[1].when == BEGAN + CHECK_AGAIN
    later = replace(of_domain("en", EXPIRED), made_at=BEGAN + timedelta(days=9))
    assert tell(later).dates[0].over


@pytest.mark.parametrize(("place", "coverage"), [(0, Coverage.NOT_MET), (-1, Coverage.MET)])
def test_frameworks_follow_the_answers(place: int, coverage: Coverage) -> None:
    for framework in frameworks(firm(place)):
        counted = {each.coverage for each in framework.requirements}
        assert counted <= {coverage, Coverage.NOT_APPLICABLE}
        assert framework.ids(coverage)
        assert framework.total == TOTALS[next(key for key, total in TOTALS.items() if total == framework.total)]
        assert framework.beyond >= 0


def test_what_nobody_knows_is_partly_unknown_and_not_unmet() -> None:
    unsure = frameworks(firm(-1, mail_mfa=DONT_KNOW))
    assert [framework.ids(Coverage.NOT_MET) for framework in unsure] == [()] * 4
    assert "6.3" in next(each for each in unsure if each.total == 56).ids(Coverage.UNKNOWN)


def test_what_a_check_doubts_is_not_told_as_met() -> None:
    check = inspected(OPEN)
    doubted = frameworks(firm(-1, (check,)))
    safeguards = next(each for each in doubted if each.total == 56)
    assert "6.4" in safeguards.ids(Coverage.UNKNOWN)


def test_each_answer_tells_its_source() -> None:
    check = inspected(OPEN)
    found = firm(-1, (check,), remote_access=DONT_KNOW)
    answers = [each for chapter in tell(of_firm(found, check)).chapters for each in chapter.answers]
    question = found.catalogue.question("remote-access")
    assert question is not None
    seen = next(each for each in answers if each.question == question.text["en"])
    assert (seen.source, seen.domain, seen.high) == (Source.CHECK, DOMAIN, 0)
    assert {each.source for each in answers} == {Source.CHECK, Source.OWNER}


def test_an_answer_that_the_check_doubts_keeps_both() -> None:
    check = inspected(OPEN)
    answers = [each for chapter in tell(of_firm(firm(-1, (check,)), check)).chapters for each in chapter.answers]
    assert any(each.source is Source.OWNER and each.doubts for each in answers)


def test_what_does_not_fit_into_the_budget_is_said() -> None:
    check = inspected()
    told = tell(of_firm(firm(0, (check,), Limits(0, 0)), check))
    assert told.cards == ()
    assert any("Anyone can send mail" in headline for headline in told.left)
    assert tell(of_firm(firm(0, (check,), NO_LIMITS), check)).left == ()


def test_good_answers_are_said_with_their_question() -> None:
    good = tell(of_firm(firm(-1))).front.good
    assert len(good) == 4
    assert all(each.question for each in good)
