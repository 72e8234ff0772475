"""What of a firm's goes soon because nobody used it for a year, and keeping it for another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from portal import clock
from portal.accounts.tables import Organisation
from portal.accounts.viewer import Viewer
from portal.assessments.tables import AnswerSheet, Assessment
from portal.database import rows
from portal.errors import NotAllowedError
from portal.privacy.retention import RESULTS

SHOWN_BEFORE = timedelta(days=30)

_CHECKS = """
    SELECT id, domain, firm, created_at AS used_at, kept_until FROM assessment
    WHERE firm = {} AND created_at < {} AND (kept_until IS NULL OR kept_until < {})
      AND NOT EXISTS (SELECT 1 FROM sheet_domain WHERE sheet_domain.assessment = assessment.id)
      AND NOT EXISTS (SELECT 1 FROM watch WHERE watch.newest = assessment.id)
    ORDER BY created_at
"""
_SHEETS = """
    SELECT id, '' AS domain, firm, updated_at AS used_at, kept_until FROM answer_sheet
    WHERE firm = {} AND updated_at < {} AND (kept_until IS NULL OR kept_until < {}) ORDER BY updated_at
"""


class Ending(Struct, frozen=True):
    """A sheet (`domain` is empty) or a check of a firm that goes at `at`, or soon after."""

    id: UUID
    firm: str
    domain: str
    at: datetime


async def ending_soon(viewer: Viewer) -> Sequence[Ending]:
    """What of the viewer's firms goes within a month, the soonest first."""
    soon = clock.now() + SHOWN_BEFORE
    found: list[Ending] = []
    for firm in viewer.firms:
        called = await Organisation.select(Organisation.name).where(Organisation.id == firm).first()
        for sql in (_SHEETS, _CHECKS):
            ending = await rows(sql, firm, soon - RESULTS, soon)
            found += [_ending(row, called["name"] if called else "") for row in ending]
    return sorted(found, key=lambda each: each.at)


async def keep_another_year(viewer: Viewer, row_id: UUID) -> None:
    """Keeps a sheet or a check of the viewer's firms for a year from now. Raises NotAllowedError: there is no such."""
    until, firms = clock.now() + RESULTS, list(viewer.firms)
    if not firms:
        raise NotAllowedError
    mine_sheet = (AnswerSheet.id == row_id) & AnswerSheet.firm.is_in(firms)
    if await AnswerSheet.update({AnswerSheet.kept_until: until}).where(mine_sheet).returning(AnswerSheet.id):
        return
    mine_check = (Assessment.id == row_id) & Assessment.firm.is_in(firms)
    if not await Assessment.update({Assessment.kept_until: until}).where(mine_check).returning(Assessment.id):
        raise NotAllowedError


def _ending(row: dict[str, object], firm: str) -> Ending:
    used, kept = _moment(row["used_at"]), row["kept_until"]
    ends = used + RESULTS
    return Ending(UUID(str(row["id"])), firm, str(row["domain"]), max(ends, _moment(kept)) if kept else ends)


def _moment(value: object) -> datetime:
    """SQLite gives text where no column says what it is."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
