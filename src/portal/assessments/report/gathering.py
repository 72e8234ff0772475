"""A check or a sheet of the database, as the value that a report is made of."""

from datetime import UTC, datetime

from portal import settings
from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.solutions import reading
from portal.assessments.tables import Assessment


async def of_check(
    assessment: Assessment, language: str, calendar: str = "", *, for_others: bool = False
) -> ReportInput:
    """An ended check alone; `calendar`: the address of its dates. Raises AssessmentNotDoneError."""
    inspected = await queries.inspected(assessment)
    return ReportInput(
        language=language,
        made_at=datetime.now(UTC),
        inspected=(inspected,),
        site=_site(language),
        calendar=calendar,
        operator=settings.current().operator_name,
        for_others=for_others,
        offers=await reading.standing(language),
    )


async def of_sheet(kept: KeptSheet, language: str, calendar: str = "", *, for_others: bool = False) -> ReportInput:
    """A sheet as it stands, with the ended checks of its domains; `calendar`: the address of its dates."""
    catalogue = current()
    firm = Firm(
        catalogue=catalogue,
        sheet=kept.as_of(catalogue),
        result=await standing(kept, catalogue),
        limits=Limits(kept.row.budget_eur, kept.row.minutes),
        given={name: given.at for name, given in kept.given.items()},
        proofs=kept.proofs,
    )
    return ReportInput(
        language=language,
        made_at=datetime.now(UTC),
        inspected=kept.inspected,
        firm=firm,
        site=_site(language),
        calendar=calendar,
        operator=settings.current().operator_name,
        for_others=for_others,
        offers=await reading.standing(language),
    )


def _site(language: str) -> str:
    """The address of the front page; empty where the operator named none."""
    base = settings.current().public_url
    return f"{base}/{language}/" if base else ""
