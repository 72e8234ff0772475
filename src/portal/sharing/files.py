"""What a link shows from: a firm's answer sheet with its domains, or one domain check where there is no sheet."""

from collections.abc import Sequence

from msgspec import Struct

from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.report import gathering
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.tables import Assessment, Stage
from portal.errors import AssessmentNotDoneError
from portal.sharing.claims import Claim, seen_claims, stated_claims


class OwnFile(Struct, frozen=True):
    """`own` is the check by whose address the file is reached where it has no `sheet`.

    `newest`: the newest check of each domain, at whatever stage. `ended`: the newest one that has ended, `inspected`
    the same as values; a domain of which none has is not there.
    """

    sheet: KeptSheet | None
    own: Assessment | None
    newest: tuple[Assessment, ...]
    ended: tuple[Assessment, ...]
    inspected: tuple[Inspected, ...]

    @property
    def is_kept(self) -> bool:
        """Whether it is kept in a firm's account."""
        row = self.sheet.row if self.sheet is not None else self.own
        return row is not None and row.firm is not None

    @property
    def under_way(self) -> tuple[Assessment, ...]:
        """The checks that are under way."""
        return tuple(check for check in self.newest if check.status in {Stage.QUEUED, Stage.RUNNING})


def of_sheet(kept: KeptSheet) -> OwnFile:
    """The file of a sheet."""
    ended = tuple(each.ended for each in kept.domains if each.ended is not None)
    return OwnFile(kept, None, tuple(each.newest for each in kept.domains), ended, kept.inspected)


async def of_check(own: Assessment) -> OwnFile:
    """The file of a check that has ended; it holds the newest check that came of that one.

    Raises AssessmentNotDoneError where there is nothing to share yet, or the check failed.
    """
    line = await queries.line_of(own)
    ended = _newest_ended(line)
    return OwnFile(None, own, (line[0],), (ended,), (await queries.inspected(ended),))


async def newest_inspected(own: Assessment) -> Inspected:
    """The newest check that came of this one and has ended. Raises AssessmentNotDoneError where none has."""
    return await queries.inspected(_newest_ended(await queries.line_of(own)))


async def report_of(file: OwnFile, language: str) -> ReportInput:
    """Everything that the file says now, as a report is made of it; it knows no address of the owner's."""
    if file.sheet is not None:
        return await gathering.of_sheet(file.sheet, language, for_others=True)
    [newest] = file.ended
    return await gathering.of_check(newest, language, for_others=True)


async def claims_of(file: OwnFile) -> tuple[Claim, ...]:
    """Everything good that may be told of the file now: what was seen of each domain, then what the firm states."""
    seen = [claim for each in file.inspected for claim in seen_claims(each.domain, each.started_at, each.findings)]
    if file.sheet is None:
        return tuple(seen)
    catalogue = current()
    contradictions = (await standing(file.sheet, catalogue)).contradictions
    stated = stated_claims(catalogue, file.sheet.given, [each.question for each in contradictions])
    return (*seen, *stated)


def _newest_ended(line: Sequence[Assessment]) -> Assessment:
    ended = next((check for check in line if check.status == Stage.DONE), None)
    if ended is None:
        raise AssessmentNotDoneError
    return ended
