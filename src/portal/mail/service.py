"""What the rest of the portal does with letters: write one, and care for those whose jobs got lost."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import jobs
from portal.mail.tables import Kind, Letter, LetterStage

ENDED_KEPT = timedelta(days=30)
OPEN = (LetterStage.QUEUED.value, LetterStage.HANDING_OVER.value)


async def send(kind: Kind, language: str, recipient: str, about: Mapping[str, Any]) -> Letter:
    """Keeps a letter, and then queues its job. Who may write to whom, and how often, is the caller's to decide."""
    letter = written(kind, language, recipient, about)
    await letter.save()
    await post(letter)
    return letter


def written(
    kind: Kind, language: str, recipient: str, about: Mapping[str, Any], until: datetime | None = None
) -> Letter:
    """A letter that is kept nowhere yet, for whoever keeps it together with rows of their own, and then posts it.

    `recipient` as `portal.mail_addresses` gives it; `about`: what the kind's template tells, as JSON has it; `until`:
    after that moment it is not sent any more.
    """
    told = json.dumps(dict(about))
    return Letter(kind=kind.value, language=language, recipient=recipient, about=told, until=until)


async def post(letter: Letter) -> None:
    """Queues the job of a letter that is kept; where nobody comes to do that, the sweep does."""
    await jobs.enqueue(jobs.LETTER, letter.id)


def job_of(letter_id: UUID, retries: int) -> str:
    """The id of the job that sends a letter; each time that it was put off, the next one is another's."""
    return f"{letter_id}-{retries}" if retries else str(letter_id)


async def due(before: datetime) -> list[tuple[UUID, str, datetime]]:
    """The letters that were to be sent before that moment and have not ended: id, job, and since when."""
    found = await Letter.select(Letter.id, Letter.retries, Letter.due_at).where(
        Letter.status.is_in(list(OPEN)), Letter.due_at < before
    )
    return [(row["id"], job_of(row["id"], row["retries"]), row["due_at"]) for row in found]


async def forget_ended() -> None:
    """Removes what is left of letters that ended long ago."""
    long_ago = datetime.now(UTC) - ENDED_KEPT
    await Letter.delete().where(Letter.status.not_in(list(OPEN)), Letter.created_at < long_ago)
