"""The PDF of a shared report: the same as its owner's, but told to others, and without any address of the owner's."""

from portal.assessments import queries
from portal.assessments import service as assessments
from portal.assessments.sheets import reports
from portal.assessments.tables import Stage
from portal.sharing.files import OwnFile


async def ask(file: OwnFile, language: str) -> str:
    """Has it made, once however often somebody asks. Gives how far it is (see `Stage`)."""
    if file.sheet is not None:
        return (await reports.request(file.sheet, language, for_others=True)).status
    return (await assessments.request_report(file.ended[0], language, for_others=True)).status


async def stage(file: OwnFile, language: str) -> str:
    """How far it is; empty where nobody asked for the file as it stands now."""
    if file.sheet is not None:
        return await reports.stage(file.sheet, language, for_others=True)
    return await queries.report_stage(file.ended[0], language, for_others=True)


async def pdf(file: OwnFile, language: str) -> bytes | None:
    """What was made of the file as it stands now; None until it is."""
    if file.sheet is not None:
        found = await reports.report_of(file.sheet, language, for_others=True)
        return bytes(found.pdf) if found and found.status == Stage.DONE else None
    made = await queries.report_of(file.ended[0], language, for_others=True)
    return bytes(made.pdf) if made and made.status == Stage.DONE else None
