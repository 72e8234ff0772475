"""The only writer of a letter's way: begins, hands over, puts off, ends, and erases the address at the end.

A letter is sent at most once, as far as SMTP allows. Just before its text goes to the mail server the row says so
(`handing-over`); when the server's answer has come it says how it ended. Whoever finds a row in between cannot know
whether the server has the letter: it counts as `unknown` and is not sent again. So a kill, or a connection that breaks
off in that moment, may lose a letter; it never doubles one. Before that moment everything may begin again.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import settings
from portal.database import rows
from portal.errors import LetterPutOffError, LetterRefusedError, LetterUncertainError
from portal.mail import message, transport
from portal.mail.tables import Letter, LetterStage
from portal.settings import Settings

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
"""Each pause is twice the one before, up to that."""
GIVEN_UP_AFTER = timedelta(days=1)

_BEGIN = """
    UPDATE letter SET attempts = attempts + 1 WHERE id = {} AND status = 'queued' RETURNING attempts
"""
_HAND_OVER = """
    UPDATE letter SET status = 'handing-over' WHERE id = {} AND attempts = {} AND status = 'queued' RETURNING id
"""
_PUT_OFF = """
    UPDATE letter SET status = 'queued', retries = retries + 1, due_at = {}
    WHERE id = {} AND attempts = {} AND status IN ('queued', 'handing-over')
"""

log = logging.getLogger(__name__)


async def deliver(letter_id: UUID) -> None:
    """Tries once to send that letter. One that has ended stays ended; one that was being handed over ends."""
    if not await rows(_BEGIN, letter_id):
        await _end_interrupted(letter_id)
        return
    letter = await Letter.objects().where(Letter.id == letter_id).first()
    if letter is None:
        return  # its reader had everything of theirs deleted just now
    try:
        await _send(letter, settings.current())
    except LetterPutOffError as error:
        await _put_off(letter, error.reason)
    except LetterRefusedError as error:
        log.warning("letter refused", extra={"letter": str(letter.id), "code": error.code})
        await _end(letter, LetterStage.FAILED)
    except LetterUncertainError:
        log.warning("letter uncertain", extra={"letter": str(letter.id)})
        await _end(letter, LetterStage.UNKNOWN)


async def rescue(letter_id: UUID) -> None:
    """Cares for a letter whose job has ended without it: one that was being handed over ends, another is put off."""
    await _end_interrupted(letter_id)
    letter = await Letter.objects().where(Letter.id == letter_id, Letter.status == LetterStage.QUEUED.value).first()
    if letter is not None:
        await _put_off(letter, "job-ended")


async def withdraw(letter_id: UUID) -> None:
    """Ends a letter that has not begun to go out, because its reader wants none."""
    await Letter.update(_erased(LetterStage.FAILED)).where(
        Letter.id == letter_id, Letter.status == LetterStage.QUEUED.value
    )


async def _send(letter: Letter, chosen: Settings) -> None:
    """Raises LetterPutOffError, LetterRefusedError or LetterUncertainError."""
    if chosen.smtp_url is None:
        raise LetterPutOffError("no-relay")
    if datetime.now(UTC) > _last_moment(letter):  # as where no worker ran for a day
        raise LetterPutOffError("too-late")
    written = message.write(letter, chosen)
    async with transport.calling(chosen.smtp_url, message.host(chosen)) as client:
        await transport.announce(client, chosen.mail_from, letter.recipient)
        if not await rows(_HAND_OVER, letter.id, letter.attempts):
            return  # another worker took it over meanwhile
        await transport.hand_over(client, written)
        await _end(letter, LetterStage.SENT)
    log.info("letter sent", extra={"letter": str(letter.id), "kind": letter.kind, "attempts": letter.attempts})


async def _put_off(letter: Letter, reason: str) -> None:
    """Until after a pause; for ever, where that would be too late."""
    due_at = datetime.now(UTC) + pause(letter.retries)
    given_up = due_at > _last_moment(letter)
    log.warning("letter put off", extra={"letter": str(letter.id), "reason": reason, "given_up": given_up})
    if given_up:
        await _end(letter, LetterStage.FAILED)
    else:
        await rows(_PUT_OFF, due_at, letter.id, letter.attempts)


def _last_moment(letter: Letter) -> datetime:
    """A day after it was written, or when what it tells is over, such as a link in it."""
    given_up = letter.created_at + GIVEN_UP_AFTER
    return min(given_up, letter.until) if letter.until is not None else given_up


def pause(retries: int) -> timedelta:
    """How long to wait after a letter was put off so many times before."""
    return min(FIRST_PAUSE * (1 << retries), LONGEST_PAUSE)


async def _end(letter: Letter, stage: LetterStage) -> None:
    """Ends it and erases the address. Whoever learned what became of it may correct that it is unknown."""
    mine = (Letter.id == letter.id) & (Letter.attempts == letter.attempts)
    still = Letter.status.is_in([LetterStage.QUEUED.value, LetterStage.HANDING_OVER.value, LetterStage.UNKNOWN.value])
    await Letter.update(_erased(stage)).where(mine & still)


async def _end_interrupted(letter_id: UUID) -> None:
    """Ends a letter that its sender left while handing it over: whether it went out, nobody knows."""
    await Letter.update(_erased(LetterStage.UNKNOWN)).where(
        Letter.id == letter_id, Letter.status == LetterStage.HANDING_OVER.value
    )


def _erased(stage: LetterStage) -> dict[Any, Any]:
    return {
        Letter.status: stage.value,
        Letter.recipient: "",
        Letter.about: "{}",
        Letter.sent_at: datetime.now(UTC) if stage is LetterStage.SENT else None,
    }
