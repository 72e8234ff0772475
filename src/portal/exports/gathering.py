"""A check or a sheet of the database, as the value that exports are made of: a report's, as old as what it tells."""

from msgspec.structs import replace

from portal.assessments import queries
from portal.assessments.report import gathering
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets import storage
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.tables import Assessment, Stage
from portal.exports.tickets import Ticket, Whose


async def of_check(assessment: Assessment, language: str, site: str) -> ReportInput:
    """An ended check alone. Raises AssessmentNotDoneError. `site`: the address of the front page."""
    told = await gathering.of_check(assessment, language)
    return replace(told, made_at=told.inspected[0].started_at, site=site)


async def of_sheet(kept: KeptSheet, language: str, site: str) -> ReportInput:
    """A sheet as it stands, with the ended checks of its domains."""
    told = await gathering.of_sheet(kept, language)
    changed = max(kept.row.updated_at, *(each.started_at for each in kept.inspected), kept.row.created_at)
    return replace(told, made_at=changed, site=site)


async def of_ticket(ticket: Ticket, language: str, site: str) -> ReportInput:
    """What a ticket's calendar is made of; a check's follows to the newest that came of it by asking again.

    Raises what the database says of a sheet or check that is gone, or has not ended.
    """
    if ticket.whose is Whose.CHECK:
        line = await queries.line_of(await queries.by_id(ticket.id))
        newest = next((each for each in line if each.status == Stage.DONE), line[-1])
        return await of_check(newest, language, site)
    return await of_sheet(await storage.by_id(ticket.id), language, site)
