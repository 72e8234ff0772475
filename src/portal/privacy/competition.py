"""What the competition keeps of people and startups: taken along, erased with an account, and forgotten in time."""

import json
import zipfile
from datetime import datetime, timedelta
from uuid import UUID

from checks.contract import Json
from checks.document import moment
from portal import tombstones
from portal.accounts.tables import Person
from portal.database import rows
from portal.entries.tables import Entry, Submission, Upload
from portal.events.tables import Mentorship, Registration, Slot
from portal.juries.tables import Conflict, Juror, Reading, Score

DRAFTS = timedelta(days=30)
"""Entries that were never handed in, after the call's last moment for them."""
ENTRIES = timedelta(days=730)
"""Entries that were, with their files and scores, after the same moment. What was published stays as it was."""

_OLD = """
    DELETE FROM entry WHERE submission {} 0 AND call IN (SELECT id FROM call WHERE deadline < {{}}) RETURNING id
"""
_OLD_DRAFTS, _OLD_ENTRIES = (_OLD.format(sign) for sign in ("=", ">"))  # our own signs


async def erase(person: Person) -> None:
    """What a juror and a mentor said of themselves, and a juror's notes for themselves.

    Marks, and what was written to organisers and startups, stay under the juror's number: others rest on them.
    """
    for _, act, column in tombstones.ERASED:
        await rows(act, getattr(person, column))


async def forget_old(now: datetime) -> int:
    """How many entries went; `now` is aware."""
    return len(await rows(_OLD_DRAFTS, now - DRAFTS)) + len(await rows(_OLD_ENTRIES, now - ENTRIES))


async def of_person(person: UUID) -> dict[str, Json]:
    """Where they come, whom they advised, and what they thought of which entry."""
    places = await Registration.select(
        Registration.event, Registration.event.title.as_alias("title"), Registration.place, Registration.asked_at
    ).where(Registration.person == person)
    advised = await Mentorship.select(
        Mentorship.organisation.name.as_alias("startup"), Mentorship.since, Mentorship.call.slug.as_alias("call")
    ).where(Mentorship.person == person)
    slots = await Slot.select(Slot.event, Slot.starts_at, Slot.ends_at).where(Slot.mentor == person)
    return {
        "events": [
            {
                "event": str(row["event"]),
                "title": json.loads(row["title"]),
                "place": row["place"],
                "asked_at": moment(row["asked_at"]),
            }
            for row in places
        ],
        "advised": [{"call": row["call"], "startup": row["startup"], "since": moment(row["since"])} for row in advised],
        "advises_at": [
            {
                "event": str(row["event"]),
                "starts_at": moment(row["starts_at"]),
                "ends_at": moment(row["ends_at"]),
            }
            for row in slots
        ],
        "juries": [await _jury(row) for row in await Juror.objects().where(Juror.person == person)],
    }


async def of_startup(archive: zipfile.ZipFile, folder: str, organisation: UUID) -> list[Json]:
    """Its entries, each with the files that were handed in; those are put into the archive."""
    found = await Entry.objects().where(Entry.organisation == organisation).order_by(Entry.created_at)
    return [await _entry(archive, f"{folder}/entry-{number}", row) for number, row in enumerate(found, start=1)]


async def _entry(archive: zipfile.ZipFile, folder: str, row: Entry) -> Json:
    files: list[Json] = []
    for number, each in enumerate(await Upload.objects().where(Upload.entry == row.id).order_by(Upload.uploaded_at), 1):
        name = f"{folder}/file-{number}.pdf"
        archive.writestr(name, bytes(each.content), zipfile.ZIP_STORED)
        files.append({"file": name, "name": each.name, "digest": each.digest, "field": each.field})
    handed_in = await Submission.objects().where(Submission.entry == row.id).order_by(Submission.number)
    return {
        "track": row.track,
        "created_at": moment(row.created_at),
        "withdrawn_at": moment(row.withdrawn_at) if row.withdrawn_at else None,
        "draft": json.loads(row.draft),
        "submissions": [
            {
                "number": each.number,
                "submitted_at": moment(each.submitted_at),
                "receipt": each.receipt,
                "digest": each.digest,
                "content": json.loads(each.content),
            }
            for each in handed_in
        ],
        "files": files,
    }


async def _jury(row: Juror) -> Json:
    closeness = await Conflict.select(
        Conflict.organisation.name.as_alias("startup"), Conflict.kind, Conflict.words, Conflict.holds
    ).where(Conflict.juror == row.id)
    told: list[Json] = [{name: each[name] for name in ("startup", "kind", "words", "holds")} for each in closeness]
    readings = await Reading.select(Reading.id, Reading.entry.number.as_alias("entry"), Reading.state).where(
        Reading.juror == row.id
    )
    scores = await Score.objects().where(Score.reading.is_in([each["id"] for each in readings])) if readings else []
    entries = {each["id"]: each["entry"] for each in readings}
    return {
        "number": row.number,
        "employer": row.employer,
        "invests_in": row.invests_in,
        "joined_at": moment(row.joined_at),
        "conflicts": told,
        "scores": [
            {
                "entry": entries[each.reading],
                "marks": json.loads(each.marks),
                "total": each.total,
                "private_note": each.private_note,
                "note": each.note,
                "feedback": each.feedback,
                "saved_at": moment(each.saved_at),
            }
            for each in scores
        ],
    }
