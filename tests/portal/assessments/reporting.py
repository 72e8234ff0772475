"""Reports to be tested: of one domain, of several, of a firm, with the worst and the best answers."""

from collections.abc import Sequence
from datetime import UTC, datetime

from checks.contract import Finding
from checks.limits import Limit
from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet
from tests.portal.assessments.findings import CLOSED, DOMAIN, NO_DMARC, ONE_NAME_SERVER
from tests.portal.pages.answering import PROFILE

BEGAN = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def inspected(*findings: Finding, domain: str = DOMAIN) -> Inspected:
    """An ended check; of the usual three findings where none are given."""
    found = findings or (NO_DMARC, ONE_NAME_SERVER, CLOSED)
    return Inspected(domain, BEGAN, 3.4, "2026.11", found, ("198.18.0.53",), (Limit.NO_IPV6,))


def of_domain(language: str = "fi", *findings: Finding) -> ReportInput:
    """A report without a sheet."""
    return ReportInput(language, BEGAN, (inspected(*findings),))


def firm(place: int, checks: Sequence[Inspected] = (), limits: Limits = Limits(0, 480), **answers: str) -> Firm:  # noqa: B008 - frozen
    """A café that gave the answer at that place (0: worst, -1: best graded) to every question, but for `answers`."""
    catalogue = current()
    given = {
        each.id: [answer.id for answer in each.answers if answer.value is not None][place]
        for each in catalogue.questions
    }
    given.update({name.replace("_", "-"): answer for name, answer in answers.items()})
    sheet = Sheet(catalogue.version, PROFILE, given)
    result = assess(catalogue, sheet, checks, limits)
    return Firm(catalogue, sheet, result, limits, dict.fromkeys(given, BEGAN))


def worst(language: str = "en", *checks: Inspected) -> ReportInput:
    """The worst sheet, with the checks of its domains."""
    return ReportInput(language, BEGAN, checks, firm(0, checks), operator="Helsinki")
