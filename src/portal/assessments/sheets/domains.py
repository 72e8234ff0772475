"""The domains of a firm that belong to its sheet, each with its newest check and with the newest that has ended."""

from datetime import UTC, datetime

from msgspec import Struct

from checks.contract import Finding
from portal.assessments import history, queries
from portal.assessments.earlier import as_of_today, is_known
from portal.assessments.inspected import Inspected
from portal.assessments.tables import AnswerSheet, Assessment, SheetDomain, Stage
from portal.database import rows, transaction

_FOLLOW = "UPDATE assessment SET firm = (SELECT firm FROM answer_sheet WHERE id = {}) WHERE id = {} AND firm IS NULL"


class KeptDomain(Struct, frozen=True):
    """`newest`: the check that was asked for last, at whatever stage, be it here or from the result of an earlier one.

    `ended`: the newest one that has ended well; where the newest has not (yet), the nearest before it that has, so that
    what is known stays while a domain is looked at again. `findings` are its, as far as today's checks can tell them.
    """

    domain: str
    newest: Assessment
    ended: Assessment | None
    findings: tuple[Finding, ...]

    @property
    def inspected(self) -> Inspected | None:
        """The check that has ended, as a value."""
        return queries.as_inspected(self.ended, self.findings) if self.ended and self.findings else None

    @property
    def under_way(self) -> bool:
        """Whether a check has yet to end."""
        return self.newest.status in {Stage.QUEUED, Stage.RUNNING}


async def domains_of(row: AnswerSheet) -> tuple[KeptDomain, ...]:
    """The sheet's domains in the order in which they were added."""
    mine = await SheetDomain.objects().where(SheetDomain.sheet == row.id).order_by(SheetDomain.added_at, SheetDomain.id)
    return tuple([await _kept(entry) for entry in mine])


async def keep_domain(row: AnswerSheet, assessment: Assessment) -> None:
    """Keeps a check as the newest one of its domain, which belongs to the sheet from now on.

    A check that is nobody's is whose the sheet is, even where the sheet was claimed while the check was being begun.
    """
    now = datetime.now(UTC)
    entry = SheetDomain(sheet=row.id, domain=assessment.domain, assessment=assessment.id, added_at=now)
    async with transaction():
        await SheetDomain.insert(entry).on_conflict(
            target=(SheetDomain.sheet, SheetDomain.domain),
            action="DO UPDATE",
            values=[(SheetDomain.assessment, assessment.id)],
        )
        await AnswerSheet.update({AnswerSheet.updated_at: now}).where(AnswerSheet.id == row.id)
        await rows(_FOLLOW, row.id, assessment.id)


async def remove_domain(row: AnswerSheet, domain: str) -> None:
    """Takes a domain out of the sheet; its checks keep their own addresses."""
    async with transaction():
        await SheetDomain.delete().where(SheetDomain.sheet == row.id, SheetDomain.domain == domain)
        await AnswerSheet.update({AnswerSheet.updated_at: datetime.now(UTC)}).where(AnswerSheet.id == row.id)


async def _kept(entry: SheetDomain) -> KeptDomain:
    line = await queries.line_of(await queries.by_id(entry.assessment))
    ended = next((check for check in line if check.status == Stage.DONE), None) or await history.earlier_of(line[0])
    return KeptDomain(entry.domain, line[0], ended, await _findings(ended) if ended else ())


async def _findings(assessment: Assessment) -> tuple[Finding, ...]:
    """What an ended check found and today's checks can still tell."""
    stored = [entry.finding for entry in await queries.findings_of(assessment)]
    return tuple(as_of_today(finding, assessment.domain) for finding in stored if is_known(finding))
