"""What a link shows from: a firm's answer sheet with its domains, or one domain check where there is no sheet."""

from datetime import UTC, datetime

from msgspec import Struct

from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets import storage
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.tables import Assessment, Stage
from portal.sharing.claims import Claim, seen_claims, stated_claims


class OwnFile(Struct, frozen=True):
    """`own` is the check by whose address the file is reached where it has no `sheet`.

    `newest`: the newest check of each domain, at whatever stage. `inspected`: the newest one that has ended, as a
    value; a domain of which none has is not there.
    """

    sheet: KeptSheet | None
    own: Assessment | None
    newest: tuple[Assessment, ...]
    inspected: tuple[Inspected, ...]

    @property
    def under_way(self) -> tuple[Assessment, ...]:
        """The checks that are under way."""
        return tuple(check for check in self.newest if check.status in {Stage.QUEUED, Stage.RUNNING})


async def of_sheet(token: str) -> OwnFile:
    """The file at a sheet's address. Raises SheetNotFoundError."""
    kept = await storage.by_token(token)
    newest = (kept.assessment,) if kept.assessment else ()
    return OwnFile(kept, None, newest, kept.inspected)


async def of_check(token: str) -> OwnFile:
    """The file at the address of a check that has ended; it holds the newest check that came of that one.

    Raises:
        AssessmentNotFoundError: there is no such check.
        AssessmentNotDoneError: there is nothing to share yet, or the check failed.
    """
    own = await queries.by_token(token)
    return OwnFile(None, own, (own,), (await newest_inspected(own),))


async def newest_inspected(own: Assessment) -> Inspected:
    """The newest check that has ended and that came of this one, or else this one.

    Raises:
        AssessmentNotDoneError: none has ended.
    """
    return await queries.inspected(own)


async def report_of(file: OwnFile, language: str, site: str) -> ReportInput:
    """Everything that the file says now, as a report is made of it. `site`: the address of the front page."""
    firm = await _firm(file.sheet) if file.sheet else None
    return ReportInput(language, datetime.now(UTC), file.inspected, firm, site)


async def claims_of(file: OwnFile) -> tuple[Claim, ...]:
    """Everything good that may be told of the file now: what was seen of each domain, then what the firm states."""
    seen = [claim for each in file.inspected for claim in seen_claims(each.domain, each.started_at, each.findings)]
    if file.sheet is None:
        return tuple(seen)
    catalogue = current()
    contradictions = (await standing(file.sheet, catalogue)).contradictions
    stated = stated_claims(catalogue, file.sheet.given, [each.question for each in contradictions])
    return (*seen, *stated)


async def _firm(kept: KeptSheet) -> Firm:
    catalogue = current()
    return Firm(
        catalogue=catalogue,
        sheet=kept.as_of(catalogue),
        result=await standing(kept, catalogue),
        limits=Limits(kept.row.budget_eur, kept.row.minutes),
        given={name: given.at for name, given in kept.given.items()},
        done=kept.done,
    )
