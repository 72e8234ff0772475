"""A check or a sheet of the database, as the value that exports are made of."""

from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets import storage
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.tables import AnswerSheet, Assessment, Stage
from portal.exports.tickets import Ticket, Whose


async def of_check(assessment: Assessment, language: str, site: str) -> ReportInput:
    """An ended check alone. Raises AssessmentNotDoneError. `site`: the address of the front page."""
    inspected = await queries.inspected(assessment)
    return ReportInput(language, inspected.started_at, (inspected,), site=site)


async def of_sheet(kept: KeptSheet, language: str, site: str) -> ReportInput:
    """A sheet as it stands, with the ended checks of its domains."""
    catalogue = current()
    firm = Firm(
        catalogue=catalogue,
        sheet=kept.as_of(catalogue),
        result=await standing(kept, catalogue),
        limits=Limits(kept.row.budget_eur, kept.row.minutes),
        given={name: given.at for name, given in kept.given.items()},
        proofs=kept.proofs,
    )
    changed = max(kept.row.updated_at, *(each.started_at for each in kept.inspected), kept.row.created_at)
    return ReportInput(language, changed, kept.inspected, firm, site)


async def of_ticket(ticket: Ticket, language: str, site: str) -> ReportInput:
    """What a ticket's calendar is made of; a check's follows to the newest that came of it by asking again.

    Raises what the database says of a sheet or check that is gone, or has not ended.
    """
    if ticket.whose is Whose.CHECK:
        line = await queries.line_of(await queries.by_id(ticket.id))
        newest = next((each for each in line if each.status == Stage.DONE), line[-1])
        return await of_check(newest, language, site)
    found = await AnswerSheet.select(AnswerSheet.token).where(AnswerSheet.id == ticket.id).first()
    return await of_sheet(await storage.by_token(found["token"] if found else ""), language, site)
