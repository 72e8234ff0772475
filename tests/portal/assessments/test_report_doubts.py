"""What a check doubts is not praised in the report."""

from datetime import UTC, datetime

import pytest

from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.report.telling import tell
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet
from tests.portal.assessments.findings import DOMAIN, made

BEGAN = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(("outcome", "praised"), [("closed", True), ("open", False)])
def test_an_answer_that_a_check_doubts_is_not_praised(outcome: str, *, praised: bool) -> None:
    catalogue, answers = current(), {"remote-access": "closed"}
    sheet, limits = Sheet(catalogue.version, {}, answers), Limits(0, 0)
    found = made("ports.remote_desktop", outcome, address="198.18.0.9", services="RDP 3389", ports="3389")
    check = Inspected(DOMAIN, BEGAN, 3.4, "2026.11", (found,))
    firm = Firm(catalogue, sheet, assess(catalogue, sheet, [check], limits), limits, dict.fromkeys(answers, BEGAN))
    question = catalogue.question("remote-access")
    assert question is not None
    good = tell(ReportInput("en", BEGAN, (check,), firm)).front.good
    assert (question.text["en"] in {each.question for each in good}) is praised
