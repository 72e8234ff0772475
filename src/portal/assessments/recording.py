"""The only writer of a running check: its stage, its findings, its score.

A check may be begun again after its worker was lost, and a worker that only was slow may still be at it. So each
beginning is an attempt with a number, every write names its attempt, and only the newest may write.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from checks import document
from checks.contract import Finding
from checks.limits import Limit
from checks.registry import CATALOGUE_VERSION
from checks.score import score
from portal.assessments.tables import Assessment, FindingRow, Stage
from portal.database import rows, transaction
from portal.errors import SupersededError

_BEGIN = """
    UPDATE assessment SET attempt = attempt + 1, status = 'running', started_at = {}, catalogue_version = {}
    WHERE id = {} AND status IN ('queued', 'running')
    RETURNING id
"""
_NEXT_SEQ = """
    UPDATE assessment SET last_seq = last_seq + 1
    WHERE id = {} AND attempt = {} AND status = 'running'
    RETURNING last_seq
"""
_KEEP = """
    INSERT INTO finding
      (id, assessment, check_id, subject, seq, attempt, status, severity, outcome, evidence, fix)
    VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})
    ON CONFLICT (assessment, check_id, subject) DO UPDATE SET
      seq = excluded.seq, attempt = excluded.attempt, status = excluded.status, severity = excluded.severity,
      outcome = excluded.outcome, evidence = excluded.evidence, fix = excluded.fix
"""


async def begin(assessment_id: UUID) -> Assessment | None:
    """The assessment at the start of a new attempt; None where it has ended already."""
    if not await rows(_BEGIN, datetime.now(UTC), CATALOGUE_VERSION, assessment_id):
        return None
    return await Assessment.objects().where(Assessment.id == assessment_id).first()


async def record(assessment: Assessment, finding: Finding) -> None:
    """Keeps a finding; the same check and subject of an earlier attempt is replaced.

    Raises:
        SupersededError: a later attempt has begun.
    """
    raw = document.encode(finding)
    async with transaction():
        taken = await rows(_NEXT_SEQ, assessment.id, assessment.attempt)
        if not taken:
            raise SupersededError
        await rows(
            _KEEP,
            uuid4(),
            assessment.id,
            finding.id,
            finding.subject,
            taken[0]["last_seq"],
            assessment.attempt,
            finding.status.value,
            finding.severity.value,
            finding.outcome,
            json.dumps(raw["evidence"], ensure_ascii=False),
            json.dumps(raw["fix"], ensure_ascii=False) if raw["fix"] else None,
        )


async def finish(
    assessment: Assessment, findings: Sequence[Finding], *, limits: Sequence[Limit], resolvers: Sequence[str]
) -> None:
    """Ends the check: what only earlier attempts had found is gone, and the score is written.

    Raises:
        SupersededError: a later attempt has begun.
    """
    now = datetime.now(UTC)
    interval = score(findings)
    async with transaction():
        await _end(
            assessment,
            {
                Assessment.status: Stage.DONE.value,
                Assessment.finished_at: now,
                Assessment.duration_s: (now - _began(assessment)).total_seconds(),
                Assessment.score_low: interval.low,
                Assessment.score_high: interval.high,
                Assessment.resolvers: ",".join(resolvers),
                Assessment.limits: ",".join(limit.value for limit in limits),
            },
        )
        await FindingRow.delete().where(FindingRow.assessment == assessment.id, FindingRow.attempt < assessment.attempt)


async def fail(assessment: Assessment, reason: str) -> None:
    """Ends the check without a result, for a reason such as `no-such-domain`. Raises SupersededError."""
    await _end(
        assessment,
        {
            Assessment.status: Stage.FAILED.value,
            Assessment.finished_at: datetime.now(UTC),
            Assessment.failure: reason,
        },
    )


async def abandon(assessment_id: UUID, reason: str) -> None:
    """Ends a check that no worker has any more, whatever its attempt."""
    await Assessment.update(
        {
            Assessment.status: Stage.FAILED.value,
            Assessment.finished_at: datetime.now(UTC),
            Assessment.failure: reason,
        }
    ).where(Assessment.id == assessment_id, Assessment.status.is_in([Stage.QUEUED.value, Stage.RUNNING.value]))


async def _end(assessment: Assessment, values: dict[object, object]) -> None:
    mine = (
        (Assessment.id == assessment.id)
        & (Assessment.attempt == assessment.attempt)
        & (Assessment.status == Stage.RUNNING.value)
    )
    ended = await Assessment.update(values).where(mine).returning(Assessment.id)  # type: ignore[arg-type]
    if not ended:
        raise SupersededError


def _began(assessment: Assessment) -> datetime:
    began: datetime = assessment.started_at
    return began
