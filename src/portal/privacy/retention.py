"""How long things are kept. The worker makes a round every hour; each does a part of what is due, and twice is as once.

What runs out by itself (sessions, links, badges, watches, letters, limits) its own rooms forget (`portal.rounds`). A
check that something else rests on stays as long as that. Backups hold what goes here until they are thrown away; what
is restored goes again in the next round, by its own dates.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checks.languages import local_date
from portal import clock, jobs, settings
from portal.accounts.tables import Person
from portal.assessments.catalogue import current
from portal.assessments.sheets import storage
from portal.assessments.sheets.way import way
from portal.assessments.tables import AnswerSheet, Assessment, CheckLog, Report, SheetReport
from portal.audit import service as audit
from portal.database import overwrite_deleted, rows, transaction
from portal.errors import NotAllowedError, SheetNotFoundError, UndecidedFirmError
from portal.mail import service as letterbox
from portal.mail.tables import Kind
from portal.privacy import competition, deleting, exporting
from portal.privacy.tables import Export, Feedback

EVERY = timedelta(hours=1)
DRAFTS = timedelta(days=30)
"""Questions that somebody began without an account, did not finish, and did not touch for so long."""
RESULTS = timedelta(days=365)
"""Checks, answers and what was said of them, from when they were last changed."""
PAPERS = timedelta(days=30)
"""PDFs: they can be made again."""
CHECK_LOG = timedelta(days=90)
FEEDBACK = timedelta(days=365)
PERSONS = timedelta(days=730)
"""People who belong to nothing and did not sign in."""
WARNED = timedelta(days=30)
"""So long before it, they get a letter; where that went out late, so long after it."""
REPLACED = timedelta(days=30)
"""Databases that a restore has put aside."""
AT_ONCE = 200

_OLD_CHECKS = """
    SELECT id, previous FROM assessment WHERE created_at < {} AND (kept_until IS NULL OR kept_until < {})
      AND NOT EXISTS (SELECT 1 FROM sheet_domain WHERE sheet_domain.assessment = assessment.id)
      AND NOT EXISTS (SELECT 1 FROM watch WHERE watch.newest = assessment.id OR watch.checking = assessment.id)
      AND NOT EXISTS (SELECT 1 FROM badge WHERE badge.assessment = assessment.id AND badge.expires_at > {})
      AND NOT EXISTS (SELECT 1 FROM share_link WHERE share_link.assessment = assessment.id AND expires_at > {})
    ORDER BY created_at LIMIT {}
"""
_OLD_SHEETS = """
    DELETE FROM answer_sheet WHERE id IN (
      SELECT id FROM answer_sheet WHERE updated_at < {} AND (kept_until IS NULL OR kept_until < {})
      AND NOT EXISTS (SELECT 1 FROM share_link WHERE share_link.sheet = answer_sheet.id AND share_link.expires_at > {})
      LIMIT {}
    ) RETURNING id
"""
_LEFT = """
    SELECT id FROM person WHERE seen_at < {}
      AND NOT EXISTS (SELECT 1 FROM membership WHERE membership.person = person.id)
      AND NOT EXISTS (SELECT 1 FROM role WHERE role.person = person.id)
"""
_TO_WARN = f"{_LEFT} AND (warned_at IS NULL OR warned_at < seen_at) LIMIT {AT_ONCE}"
_TO_DELETE = f"{_LEFT} AND warned_at < {{}} AND warned_at >= seen_at LIMIT {AT_ONCE}"

log = logging.getLogger(__name__)


async def go() -> None:
    """One round."""
    now = clock.now()
    await _forget_drafts(now)
    await _forget_sheets(now)
    await _forget_checks(now)
    await _forget_papers(now)
    await Export.delete().where(Export.created_at < now - exporting.FETCHED_WITHIN)
    await Feedback.delete().where(Feedback.created_at < now - FEEDBACK)
    await CheckLog.delete().where(CheckLog.at < now - CHECK_LOG)
    if old := await competition.forget_old(now):
        log.info("forgotten", extra={"entries": old})
    await deleting.delete_empty()
    await _warn_persons(now)
    await _forget_persons(now)
    await overwrite_deleted()
    _forget_replaced(now)


async def _forget_drafts(now: datetime) -> None:
    """Nobody's sheets that were left unfinished. A finished one is marked, so that nobody looks at it again."""
    old = (AnswerSheet.updated_at < now - DRAFTS) & AnswerSheet.firm.is_null() & AnswerSheet.kept_until.is_null()
    for row in await AnswerSheet.select(AnswerSheet.id, AnswerSheet.updated_at).where(old).limit(AT_ONCE):
        mine = (AnswerSheet.id == row["id"]) & (AnswerSheet.updated_at == row["updated_at"])
        if await _is_finished(row["id"]):
            await AnswerSheet.update({AnswerSheet.kept_until: row["updated_at"] + RESULTS}).where(mine)
        else:
            await AnswerSheet.delete().where(mine & AnswerSheet.firm.is_null())


async def _is_finished(sheet: UUID) -> bool:
    catalogue = current()
    try:
        kept = await storage.by_id(sheet)
    except SheetNotFoundError:
        return True  # it is gone already
    return way(catalogue, kept.as_of(catalogue)).first_open is None


async def _forget_sheets(now: datetime) -> None:
    gone = await rows(_OLD_SHEETS, now - RESULTS, now, now, AT_ONCE)
    _tell("sheets", gone)


async def _forget_checks(now: datetime) -> None:
    """The oldest first, one by one: what was asked again from one hangs on the one before it from then on."""
    old = await rows(_OLD_CHECKS, now - RESULTS, now, now, now, AT_ONCE)
    for row in old:
        async with transaction():
            before = await Assessment.select(Assessment.previous).where(Assessment.id == row["id"]).first()
            if before is not None:
                values: dict[Any, Any] = {Assessment.previous: before["previous"]}
                await Assessment.update(values).where(Assessment.previous == row["id"])
                await Assessment.delete().where(Assessment.id == row["id"])
    await jobs.forget([UUID(str(row["id"])) for row in old])
    _tell("checks", old)


async def _forget_papers(now: datetime) -> None:
    await Report.delete().where(Report.finished_at < now - PAPERS)
    await SheetReport.delete().where(SheetReport.finished_at < now - PAPERS)


async def _warn_persons(now: datetime) -> None:
    """A letter to each who has left for good, kept together with when it was written."""
    chosen = settings.current()
    if not chosen.sends_letters:
        return
    for row in await rows(_TO_WARN, now - PERSONS + WARNED):
        async with transaction():
            person = await Person.objects().where(Person.id == row["id"]).first()
            if person is None:
                continue
            about = {
                "link": f"{chosen.public_url}/{person.language}/sign-in",
                "day": local_date(max(person.seen_at + PERSONS, now + WARNED), person.language),
            }
            letter = letterbox.written(Kind.ACCOUNT_ENDING, person.language, person.address, about)
            await letter.save()
            await Person.update({Person.warned_at: now}).where(Person.id == person.id)
        await letterbox.post(letter)


async def _forget_persons(now: datetime) -> None:
    """Where no letters are sent, nobody can sign in by one either: then nobody is deleted for staying away."""
    for row in await rows(_TO_DELETE, now - PERSONS, now - WARNED):
        try:
            await deleting.delete_person(UUID(str(row["id"])), actor=audit.SYSTEM)
        except (NotAllowedError, UndecidedFirmError):
            log.info("somebody came back", extra={"person": str(row["id"])})


def _forget_replaced(now: datetime) -> None:
    for file in settings.current().var.glob("*.before-restore"):
        if datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo) < now - REPLACED:
            file.unlink()


def _tell(what: str, gone: Collection[object]) -> None:
    if gone:
        log.info("forgotten", extra={what: len(gone)})
