"""An entry is handed in: exactly once for each time that its team says so, at the database's time, with a receipt."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from piccolo.columns import Column

from challenge import filling
from challenge.entry import Content, digest
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.chain import Plain
from portal.audit.tables import Action
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.database import hold, now, transaction
from portal.entries import receipts, service, window
from portal.entries.entering import subject_of
from portal.entries.service import KnownEntry, KnownSubmission
from portal.entries.tables import Entry, Submission
from portal.entries.window import Window
from portal.errors import EntriesClosedError, EntryChangedError, EntryIncompleteError

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a receipt: none that is mistaken for another when it is read out."""
_GROUPS, _IN_GROUP = 3, 4
_NUMBERS = 999
LONGEST_KEY = 64


async def submit(entry: KnownEntry, key: str, edits: int, viewer: Viewer) -> KnownSubmission:
    """Hands in the draft. `key`: the form's own, so that one sent twice is taken once; `edits`: of what it showed.

    Raises:
        EntriesClosedError: the call takes none at that moment.
        EntryChangedError: somebody changed the draft since the form was shown.
        EntryIncompleteError: something is missing or wrong.
        NotAllowedError: the entry is gone.
    """
    async with transaction():
        before = await _taken(entry.id, key)
        if before is not None:
            return before
        open_now = await window.opened(entry.call)
        draft = await window.held(entry)
        before = await _taken(entry.id, key)  # a twin of this form may have been faster, and was waited for
        if before is not None:
            return before
        if draft.edits != edits:
            raise EntryChangedError
        made = await _keep(draft, _complete(draft, open_now.call), open_now, key, viewer)
        letters = await receipts.write(draft, made, open_now.call)
        about: dict[str, Plain] = {"number": made.number, "late": made.is_late, "digest": made.digest}
        await audit.record(Action.ENTRY_SUBMITTED, viewer.pseudonym, subject_of(entry.id), **about)
    await receipts.post(letters)
    return made


async def withdraw(entry: KnownEntry, viewer: Viewer) -> None:
    """Takes it out of the call; one that was never submitted is deleted.

    Until the deadline it can be submitted again. Once the call is over, it stays as it was.

    Raises:
        EntriesClosedError: the call is over.
        NotAllowedError: the entry is gone.
    """
    async with transaction():
        call = await calls.by_id(entry.call)
        kept, moment = await window.held(entry), await now()
        if not may_withdraw(call, moment):
            raise EntriesClosedError(moment)
        if kept.submission:
            await Entry.update({Entry.withdrawn_at: moment}).where(Entry.id == entry.id)
        else:
            await Entry.delete().where(Entry.id == entry.id)
        await audit.record(Action.ENTRY_WITHDRAWN, viewer.pseudonym, subject_of(entry.id), number=kept.submission)


def may_withdraw(call: KnownCall, moment: datetime) -> bool:
    """Whether the call still goes on: its last phase has not ended."""
    return moment < max([call.last_moment, *(phase.ends for phase in call.terms.phases)])


async def show_in_gallery(entry: KnownEntry, *, shows: bool) -> None:
    """Whether the team agrees that the entry may stand in the public gallery."""
    await Entry.update({Entry.shows_gallery: shows}).where(Entry.id == entry.id)


async def _taken(entry: UUID, key: str) -> KnownSubmission | None:
    row = await Submission.objects().where(Submission.entry == entry, Submission.key == key[:LONGEST_KEY]).first()
    return None if row is None else service.known_submission(row)


def _complete(draft: KnownEntry, call: KnownCall) -> Content:
    content = filling.only_asked(draft.draft, call.terms)
    missing = filling.lacks(content, call.terms)
    if missing:
        raise EntryIncompleteError(tuple(each.field for each in missing))
    return content


async def _keep(draft: KnownEntry, content: Content, open_now: Window, key: str, viewer: Viewer) -> KnownSubmission:
    call, number = open_now.call, draft.submission + 1
    row = Submission(
        {
            Submission.id: uuid4(),
            Submission.entry: draft.id,
            Submission.number: number,
            Submission.call_version: call.version,
            Submission.content: service.kept(content),
            Submission.digest: digest(call.slug, call.version, draft.track, content),
            Submission.submitted_at: open_now.moment,
            Submission.is_late: open_now.is_late,
            Submission.by: viewer.pseudonym,
            Submission.receipt: _receipt(),
            Submission.key: key[:LONGEST_KEY],
        }
    )
    await Submission.insert(row)
    values: dict[Column | str, Any] = {
        Entry.submission: number,
        Entry.withdrawn_at: None,
        Entry.number: await _number(draft),
    }
    await Entry.update(values).where(Entry.id == draft.id)
    return service.known_submission(row)


async def _number(draft: KnownEntry) -> int:
    """By which the jury calls it: random, so that it tells nothing of who came first."""
    if draft.number is not None:
        return draft.number
    await hold(f"entry-numbers:{draft.call}")
    found = await Entry.select(Entry.number).where(Entry.call == draft.call, Entry.number.is_not_null())
    taken = {row["number"] for row in found}
    highest = _NUMBERS
    while len(taken) * 2 > highest:
        highest = highest * 10 + 9
    return secrets.choice([number for number in range(1, highest + 1) if number not in taken])


def _receipt() -> str:
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
