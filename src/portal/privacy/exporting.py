"""Asking for an archive of everything, having it made by a worker, and fetching it for a few days."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal import clock, jobs
from portal.accounts import limits
from portal.accounts.tables import Person
from portal.accounts.viewer import Viewer
from portal.assessments.tables import Stage
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, transaction
from portal.errors import NotAllowedError
from portal.privacy import archive
from portal.privacy.archive import Render
from portal.privacy.tables import Export

PER_PERSON_AND_DAY = 5
FETCHED_WITHIN = timedelta(days=3)
"""Then it is removed (`portal.privacy.retention`)."""

log = logging.getLogger(__name__)


async def ask(viewer: Viewer, language: str) -> Export:
    """Has an archive made, in place of an earlier one; one that is being made goes on.

    Raises:
        TooManyRequestsError: this person asked too often today.
        NotAllowedError: there is no such person any more.
    """
    async with transaction():
        await hold(f"export:{viewer.person}")
        running = await _newest(viewer, Stage.QUEUED)
        if running is not None:
            return running
        await limits.take("exports", str(viewer.person), PER_PERSON_AND_DAY, timedelta(days=1))
        if not await Person.exists().where(Person.id == viewer.person):
            raise NotAllowedError
        await Export.delete().where(Export.person == viewer.person)
        row = Export(person=viewer.person, language=language, created_at=clock.now())
        await row.save()
        await audit.record(Action.EXPORTED, viewer.pseudonym, f"person:{viewer.pseudonym}")
    await jobs.enqueue(jobs.EXPORT, row.id)
    return row


async def stage(viewer: Viewer) -> tuple[str, int]:
    """How far their archive is (`Stage`; empty where there is none), and how many bytes it has."""
    row = await _newest(viewer)
    return (row.status, len(row.archive)) if row is not None else ("", 0)


async def fetch(viewer: Viewer) -> bytes:
    """Their archive. Raises NotAllowedError until it is made, and once it is gone."""
    row = await _newest(viewer, Stage.DONE)
    if row is None:
        raise NotAllowedError
    return bytes(row.archive)


async def run(export_id: UUID, render: Render) -> None:
    """Makes it; one that is made, or whose owner is gone, stays as it is."""
    row = await Export.objects().where(Export.id == export_id, Export.status == Stage.QUEUED.value).first()
    person = await Person.objects().where(Person.id == row.person).first() if row is not None else None
    if row is None or person is None:
        return
    content = await archive.of(person, row.language, render)
    done: dict[Any, Any] = {Export.archive: content, Export.status: Stage.DONE.value, Export.finished_at: clock.now()}
    await Export.update(done).where(Export.id == export_id)
    log.info("export made", extra={"export": str(export_id), "bytes": len(content)})


async def abandon(export_id: UUID) -> None:
    """Marks one that could not be made, so that it can be asked for again."""
    failed: dict[Any, Any] = {Export.status: Stage.FAILED.value}
    await Export.update(failed).where(Export.id == export_id, Export.status == Stage.QUEUED.value)


async def _newest(viewer: Viewer, only: Stage | None = None) -> Export | None:
    mine = Export.person == viewer.person
    return await Export.objects().where(mine & (Export.status == only.value) if only else mine).first()
