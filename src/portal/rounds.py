"""What a worker does besides its jobs: shows that it lives, and cares for what got lost."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from dbos import DBOS, WorkflowStatus

from portal import jobs
from portal.accounts import invitations, limits, proofs, sessions, signing_in
from portal.assessments import recording, running
from portal.assessments.tables import Assessment, Report, SheetReport, Stage, Worker
from portal.database import rows
from portal.mail import delivery
from portal.mail import service as letterbox
from portal.privacy import exporting
from portal.privacy.tables import Export
from portal.sharing import badges
from portal.sharing import service as links

BEAT_EVERY = timedelta(seconds=2)
LOST_AFTER = timedelta(seconds=12)
"""Without a heartbeat for so long, a worker counts as gone. Being wrong costs work, never results."""
SWEEP_EVERY = timedelta(seconds=2)
TAKE_OVER_EVERY = timedelta(seconds=3)
TIDY_EVERY = timedelta(hours=1)
ENDED_JOBS_KEPT = timedelta(days=7)
JOBS_AT_ONCE = 1000
SETTLED = timedelta(seconds=2)
"""Younger rows are being queued right now by whoever made them."""
GIVEN_UP_AFTER = timedelta(minutes=3)
"""A row whose job has ended without ending the row, as after a restored backup."""

_BEAT = """
    INSERT INTO worker (id, executor, beat_at) VALUES ({}, {}, {})
    ON CONFLICT (executor) DO UPDATE SET beat_at = excluded.beat_at, taken_over_at = NULL
"""
_CLAIM = """
    INSERT INTO worker (id, executor, beat_at, taken_over_at) VALUES ({}, {}, {}, {})
    ON CONFLICT (executor) DO UPDATE SET taken_over_at = excluded.taken_over_at
    WHERE worker.beat_at < {} AND (worker.taken_over_at IS NULL OR worker.taken_over_at < {})
    RETURNING executor
"""
_ENDED = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}

log = logging.getLogger(__name__)


async def beat(executor: str) -> None:
    """A sign of life."""
    await rows(_BEAT, uuid4(), executor, datetime.now(UTC))


async def take_over(executor: str) -> None:
    """Begins anew what lost workers had begun; of several that notice, one does it."""
    running_now = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
    owners = {status.executor_id for status in running_now if status.executor_id and status.executor_id != executor}
    for owner in owners:
        if await _claim(owner):
            left = [status.workflow_id for status in running_now if status.executor_id == owner]
            log.warning("taking over", extra={"lost": owner, "jobs": len(left)})
            for workflow_id in left:
                await DBOS.resume_workflow_async(workflow_id)


async def sweep() -> None:
    """Queues rows that have no job, and ends rows whose job has ended without them."""
    before = datetime.now(UTC) - SETTLED
    await _sweep_checks(before)
    await _sweep_reports(before)
    await _sweep_letters(before)


async def _sweep_checks(before: datetime) -> None:
    checks = await Assessment.select(Assessment.id, Assessment.created_at).where(
        Assessment.status.is_in([Stage.QUEUED.value, Stage.RUNNING.value]), Assessment.created_at < before
    )
    known = await _jobs_of([str(row["id"]) for row in checks])
    for row in checks:
        if str(row["id"]) not in known:
            await jobs.enqueue(jobs.CHECK, row["id"])
        elif _given_up(known[str(row["id"])], row["created_at"]):
            await recording.abandon(row["id"], "our-error")


async def _sweep_reports(before: datetime) -> None:
    kinds: tuple[tuple[Any, str, Callable[[UUID], Awaitable[None]]], ...] = (
        (Export, jobs.EXPORT, exporting.abandon),
        (Report, jobs.REPORT, running.abandon_report),
        (SheetReport, jobs.SHEET_REPORT, running.abandon_sheet_report),
    )
    for table, queue, abandon in kinds:
        reports = await table.select(table.id, table.created_at).where(
            table.status == Stage.QUEUED.value, table.created_at < before
        )
        known = await _jobs_of([str(row["id"]) for row in reports])
        for row in reports:
            if str(row["id"]) not in known:
                await jobs.enqueue(queue, row["id"])
            elif _given_up(known[str(row["id"])], row["created_at"]):
                await abandon(row["id"])


async def _sweep_letters(before: datetime) -> None:
    """Also sends those that were put off until now."""
    letters = await letterbox.due(before)
    known = await _jobs_of([job_id for _, job_id, _ in letters])
    for letter_id, job_id, since in letters:
        if job_id not in known:
            await jobs.enqueue(jobs.LETTER, letter_id, job_id)
        elif _given_up(known[job_id], since):
            await delivery.rescue(letter_id)


async def tidy() -> None:
    """Removes what nobody can use any more: what has run out, from sessions to share links; ended letters and jobs."""
    await sessions.forget_expired()
    await signing_in.forget_expired()
    await proofs.forget_expired()
    await invitations.forget_expired()
    await limits.forget_unused()
    await letterbox.forget_ended()
    await links.forget_ended()
    await badges.forget_ended()
    await Worker.delete().where(Worker.beat_at < datetime.now(UTC) - timedelta(days=1))
    long_ago = (datetime.now(UTC) - ENDED_JOBS_KEPT).isoformat()
    ended = await DBOS.list_workflows_async(
        completed_before=long_ago, limit=JOBS_AT_ONCE, load_input=False, load_output=False
    )
    if ended:
        await DBOS.delete_workflows_async([job.workflow_id for job in ended])


async def _claim(owner: str) -> bool:
    """Whether that worker is lost and its jobs are ours to begin anew."""
    now = datetime.now(UTC)
    lost_since = now - LOST_AFTER
    return bool(await rows(_CLAIM, uuid4(), owner, lost_since, now, lost_since, lost_since))


async def _jobs_of(ids: list[str]) -> dict[str, WorkflowStatus]:
    if not ids:
        return {}
    found = await DBOS.list_workflows_async(workflow_ids=ids, load_input=False, load_output=False)
    return {status.workflow_id: status for status in found}


def _given_up(job: WorkflowStatus, since: datetime) -> bool:
    return job.status in _ENDED and datetime.now(UTC) - since > GIVEN_UP_AFTER
