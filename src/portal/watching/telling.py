"""Letters to watchers: at most one a day to each, with everything in it that has come up since the last one.

A letter and the mark on what it tells are kept in one transaction. What its way is then, `portal.mail.delivery` says:
handed over at most once. What one tells that failed for certain, the next tells; what one tells whose way is unknown
counts as told.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from checks import advice, document
from checks.errors import CardError
from checks.languages import local_date
from checks.names import display_name
from portal import settings
from portal.apart import apart
from portal.database import rows, transaction
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter, LetterStage
from portal.templating import ZONE
from portal.watching.tables import Notice, Watcher

MOST_FAILURES = 14
"""So many letters in a row that did not come about, and we write no more.

There is one a day at most, so that a mail server of ours that is away, or lets nobody in, has two weeks to be mended.
"""

_WAITING = """
    SELECT DISTINCT watcher.id FROM notice
    JOIN watch ON watch.id = notice.watch JOIN watcher ON watcher.id = watch.watcher
    WHERE notice.letter IS NULL AND watcher.letter IS NULL
"""
_CLAIM = """
    UPDATE watcher SET mailed_at = {}, letter = {}
    WHERE id = {} AND letter IS NULL AND (mailed_at IS NULL OR mailed_at < {} OR mailed_at >= {}) RETURNING id
"""
_FORGET_ENDED = """
    DELETE FROM watch WHERE ended AND id IN (SELECT watch FROM notice WHERE letter = {})
"""

log = logging.getLogger(__name__)


async def tell_all(now: datetime) -> None:
    """Writes the letters of those to whom something is to be told and who got none today."""
    for row in await rows(_WAITING):
        watcher_id = UUID(str(row["id"]))
        async with apart("watcher", watcher_id):
            watcher = await Watcher.objects().where(Watcher.id == watcher_id).first()
            if watcher is not None:
                await _tell(watcher, now)


async def note_ended() -> None:
    """Learns what became of letters; what did not go out is told again, and after many such we write no more."""
    for watcher in await Watcher.objects().where(Watcher.letter.is_not_null()):
        async with apart("watcher", watcher.id):
            letter = await Letter.objects().where(Letter.id == watcher.letter).first()
            stage = letter.status if letter else LetterStage.UNKNOWN
            if stage not in {LetterStage.QUEUED, LetterStage.HANDING_OVER}:
                await _note(watcher, failed=stage == LetterStage.FAILED)


async def _note(watcher: Watcher, *, failed: bool) -> None:
    failures = watcher.failures + 1 if failed else 0
    mine = (Watcher.id == watcher.id) & (Watcher.letter == watcher.letter)
    async with transaction():
        if failures >= MOST_FAILURES:
            await Watcher.delete().where(mine)
            log.warning("watcher given up", extra={"watcher": str(watcher.id)})
            return
        values: dict[Any, Any] = {Watcher.letter: None, Watcher.failures: failures}
        if await Watcher.update(values).where(mine).returning(Watcher.id):
            told = Notice.letter == watcher.letter
            if failed:
                await Notice.update({Notice.letter: None}).where(told)
            else:
                await rows(_FORGET_ENDED, watcher.letter)


async def _tell(watcher: Watcher, now: datetime) -> None:
    """The day is the readers': a letter late in the evening and one the next morning are two days' letters.

    One of a day to come was written while the clock was wrong, and keeps none back.
    """
    today = now.astimezone(ZONE).date()
    if watcher.mailed_at is not None and watcher.mailed_at.astimezone(ZONE).date() == today:
        return
    notices = await _open(watcher)
    letter = letterbox.written(Kind.WATCH_NEWS, watcher.language, watcher.address, _about(watcher, notices, now))
    async with transaction():
        if not await rows(_CLAIM, now, letter.id, watcher.id, _midnight(today), _midnight(today + timedelta(days=1))):
            return
        await letter.save()
        await Notice.update({Notice.letter: letter.id}).where(Notice.id.is_in([each["id"] for each in notices]))
    await letterbox.post(letter)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


async def _open(watcher: Watcher) -> list[dict[str, Any]]:
    return (
        await Notice.select(Notice.id, Notice.kind, Notice.moment, Notice.about, Notice.watch.domain.as_alias("domain"))
        .where(Notice.letter.is_null(), Notice.watch.watcher == watcher.id)
        .order_by(Notice.watch.domain, Notice.moment, Notice.kind)
    )


def _about(watcher: Watcher, notices: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """What the letter's template tells. Where all is over, the reader's own page is gone when they open the letter."""
    home = f"{settings.current().public_url}/{watcher.language}/"
    place = f"{home}w/{watcher.token}"
    over = all(each["kind"].startswith("over-") for each in notices)
    domains = sorted({each["domain"] for each in notices})
    return {
        "link": home if over else place,
        "unsubscribe": f"{place}/unsubscribe",
        "subject": ", ".join(display_name(domain) for domain in domains),
        "domains": [
            {
                "name": display_name(domain),
                "news": [_told(each, watcher.language, now) for each in notices if each["domain"] == domain],
            }
            for domain in domains
        ],
    }


def _told(notice: Mapping[str, Any], language: str, now: datetime) -> dict[str, Any]:
    about, moment = json.loads(notice["about"]), notice["moment"].astimezone(ZONE)
    kind, _, reason = notice["kind"].partition("-")
    told = {"kind": kind, "reason": reason, "what": "", "whose": "", "days": 0}
    told["day"] = local_date(moment, language)
    if kind == "ends":
        days = max((moment.date() - now.astimezone(ZONE).date()).days, 0)
        return {**told, "what": about["id"], "whose": display_name(about["subject"]), "days": days}
    if kind == "worse":
        finding = document.decode(about["finding"])
        try:
            seen = advice.tell(finding, notice["domain"], language)
        except CardError:  # kept before the cards were renewed
            return {**told, "what": finding.id, "whose": display_name(finding.subject)}
        return {**told, "what": f"{seen.name}: {seen.headline}", "whose": display_name(finding.subject)}
    return told
