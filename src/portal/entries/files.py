"""Files of entries: checked before they are kept, and kept as long as a submission or the draft names them."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from challenge import decks, filling
from challenge.entry import DECK, Deck
from challenge.terms import Terms
from portal.accounts import limits
from portal.database import transaction
from portal.entries import drafting, looking, service, window
from portal.entries.service import KeptFile, KnownEntry
from portal.entries.tables import Upload
from portal.errors import NotAllowedError, TooManyFilesError, TooManyRequestsError

PER_ENTRY_AND_HOUR = 60


def require_field(terms: Terms, field: str) -> None:
    """Raises NotAllowedError where an entry of that call has no such place for a file."""
    if field not in {DECK, *(each.id for each in filling.file_fields(terms))}:
        raise NotAllowedError


async def keep(entry: KnownEntry, field: str, name: str, content: bytes) -> KnownEntry:
    """Keeps a file in that place, in place of the one before.

    Raises:
        DeckError: it cannot be taken.
        TooManyFilesError: this entry was sent too many in an hour.
        EntriesClosedError: the call takes no entries now.
        NotAllowedError: the entry is gone, or has no such place.
    """
    try:
        await limits.take("files", str(entry.id), PER_ENTRY_AND_HOUR, timedelta(hours=1))
    except TooManyRequestsError as error:
        raise TooManyFilesError(error.limit, error.retry_after_s) from None
    pages = await looking.pages_of(content)
    digest = hashlib.sha256(content).hexdigest()
    file = Deck(decks.safe_name(name), digest, len(content), pages)
    async with transaction():
        open_now = await window.opened(entry.call)
        before = await window.held(entry)
        require_field(open_now.call.terms, field)
        row = Upload(
            entry=entry.id,
            field=field,
            name=file.name,
            digest=digest,
            size=file.size,
            pages=pages,
            content=content,
            uploaded_at=open_now.moment,
        )
        once = (Upload.entry, Upload.field, Upload.digest)
        await Upload.insert(row).on_conflict(target=once, action="DO NOTHING")
        after = await drafting.name_file(before, field, file, open_now)
        await _forget_unnamed(after)
    return after


async def remove(entry: KnownEntry, field: str) -> KnownEntry:
    """Takes the file out of the draft. Raises EntriesClosedError and NotAllowedError, as `keep`."""
    async with transaction():
        open_now = await window.opened(entry.call)
        after = await drafting.name_file(await window.held(entry), field, None, open_now)
        await _forget_unnamed(after)
    return after


async def of_draft(entry: KnownEntry, field: str) -> KeptFile:
    """The file that the draft names there. Raises NotAllowedError where it names none."""
    named = entry.draft.files.get(field)
    if named is None:
        raise NotAllowedError
    return await service.kept_file(entry.id, field, named)


async def _forget_unnamed(entry: KnownEntry) -> None:
    """Deletes what neither the draft nor any submission names; what was submitted stays as long as its entry."""
    named = _named(entry.id, entry.draft.files)
    for submission in await service.submissions_of(entry.id):
        named |= _named(entry.id, submission.content.files)
    found = await Upload.select(Upload.id, Upload.field, Upload.digest).where(Upload.entry == entry.id)
    gone = [row["id"] for row in found if (entry.id, row["field"], row["digest"]) not in named]
    if gone:
        await Upload.delete().where(Upload.id.is_in(gone))


def _named(entry: UUID, files: Mapping[str, Deck]) -> set[tuple[UUID, str, str]]:
    return {(entry, field, file.digest) for field, file in files.items()}
