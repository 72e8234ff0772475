"""The line of checks of one domain, each asked again from the one before, and how its score went."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from checks.contract import Finding, Status
from checks.priority import URGENT
from checks.score import Score
from portal.assessments import queries
from portal.assessments.earlier import as_of_today
from portal.assessments.inspected import Inspected
from portal.assessments.rechecking import Asked
from portal.assessments.tables import Assessment, FindingRow, Stage
from portal.database import rows

LONGEST = 50
"""So many checks a history shows, the newest of them."""

_BACK = """
    WITH RECURSIVE line (id, previous, place) AS (
        SELECT id, previous, 1 FROM assessment WHERE id = {}
        UNION ALL
        SELECT assessment.id, assessment.previous, line.place + 1
        FROM assessment JOIN line ON assessment.id = line.previous WHERE line.place < {}
    )
    SELECT id FROM line
"""


class Past(Struct, frozen=True):
    """One ended check of a line. `urgent` and `later`: how many things there were to do, by how soon.

    `renewed`: made with another version of our checks than the one before it, so that the two scores may differ though
    nothing changed.
    """

    token: str
    when: datetime
    score: Score
    urgent: int
    later: int
    renewed: bool


async def earlier_of(assessment: Assessment) -> Assessment | None:
    """The nearest check before it, of those from which it was asked again, that has ended well."""
    line = await _ended(assessment) if assessment.previous else []
    before = [check for check in line if check.id != assessment.id]
    return before[-1] if before else None


async def told_before(assessment: Assessment, asked: Asked) -> Finding | None:
    """That finding as `earlier_of` has it; None where there was no check before, or it had no such finding."""
    earlier = await earlier_of(assessment)
    return asked.among(stored.finding for stored in await queries.findings_of(earlier)) if earlier else None


async def newer_of(assessment: Assessment) -> Assessment | None:
    """The newest check that came of this one by asking again, and that has not failed."""
    line = await queries.line_of(assessment)
    newer = line[: [check.id for check in line].index(assessment.id)]
    return next((check for check in newer if check.status != Stage.FAILED), None)


async def history_of(assessment: Assessment) -> tuple[Past, ...]:
    """The check itself and those before it that ended well, the oldest first; at most `LONGEST`."""
    line = [check for check in await _ended(assessment) if check.score_low is not None]
    steps = await _steps([check.id for check in line])
    versions = [check.catalogue_version for check in line]
    return tuple(
        Past(
            token=check.token,
            when=check.started_at,
            score=Score(check.score_low, check.score_high),
            urgent=steps[check.id, True],
            later=steps[check.id, False],
            renewed=place > 0 and versions[place - 1] != versions[place],
        )
        for place, check in enumerate(line)
    )


async def compared(earlier: Assessment, later: Assessment) -> tuple[Inspected, Inspected]:
    """Both as values whose findings can be told in words: what only an earlier version could tell is unknown."""
    return await _as_of_today(earlier), await _as_of_today(later)


async def _as_of_today(check: Assessment) -> Inspected:
    found = await queries.inspected(check)
    return replace(found, findings=tuple(as_of_today(finding, check.domain) for finding in found.findings))


async def _ended(assessment: Assessment) -> Sequence[Assessment]:
    """The checks of its line up to itself that ended well and are no other firm's, the oldest first."""
    ids = [row["id"] for row in await rows(_BACK, assessment.id, LONGEST)]
    well = (Assessment.id.is_in(ids)) & (Assessment.status == Stage.DONE.value)
    line = await Assessment.objects().where(well).order_by(Assessment.created_at)
    return [each for each in line if each.firm in {None, assessment.firm}]


async def _steps(checks: Sequence[UUID]) -> Counter[tuple[UUID, bool]]:
    """How many things to do each has, by whether they are urgent; counted as `portal.assessments.outline` does."""
    if not checks:
        return Counter()
    failed = (FindingRow.assessment.is_in(list(checks))) & (FindingRow.status == Status.FAIL.value)
    columns = (FindingRow.assessment, FindingRow.check_id, FindingRow.subject, FindingRow.severity, FindingRow.fix)
    urgent: dict[tuple[UUID, str], bool] = {}
    for row in await FindingRow.select(*columns).where(failed):
        fix = json.loads(row["fix"])["id"] if row["fix"] else f"{row['check_id']} {row['subject']}"
        step = (row["assessment"], fix)
        urgent[step] = urgent.get(step, False) or row["severity"] in URGENT
    return Counter((check, is_urgent) for (check, _), is_urgent in urgent.items())
