"""What a team works on, saved again and again, by several people at once."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from piccolo.columns import Column

from challenge import filling, merging
from challenge.entry import Content, Deck
from portal.database import transaction
from portal.entries import service, window
from portal.entries.choices import choices
from portal.entries.service import KnownEntry
from portal.entries.tables import Entry
from portal.entries.window import Window


class Saved(Struct, frozen=True):
    """What came of saving a form. `entry`: as it stands now.

    `both`: by field that two changed differently, what stands there; what this form says there is not kept yet.
    `theirs`: fields that others changed meanwhile. `unread`: fields in which no number was typed.
    """

    entry: KnownEntry
    both: Mapping[str, str]
    theirs: tuple[str, ...]
    unread: tuple[str, ...]


async def save(entry: KnownEntry, typed: Mapping[str, str], was: Mapping[str, str]) -> Saved:
    """Keeps what a form says. `was`: the marks of what it showed at first (`challenge.merging.marks`).

    Raises:
        EntriesClosedError: the call takes no entries now; nothing was kept.
        NotAllowedError: the entry is gone.
    """
    async with transaction():
        open_now = await window.opened(entry.call)
        before = await window.held(entry)
        terms = open_now.call.terms
        unread = tuple(name for name in ("price", "hours") if not _is_readable(typed.get(name, "")))
        said = filling.flat(filling.content_of(typed, before.draft, terms, choices()), terms)
        mine = {name: text for name, text in said.items() if name in typed and name not in unread}
        merged = merging.merge(was, filling.flat(before.draft, terms), mine)
        content = filling.content_of(merged.values, before.draft, terms, choices())
        after = await _keep(before, content, open_now) if content != before.draft else before
    return Saved(after, merged.both, merged.theirs, unread)


async def name_file(entry: KnownEntry, field: str, file: Deck | None, open_now: Window) -> KnownEntry:
    """Names another file in the draft, or none, inside the caller's transaction, which holds the entry."""
    files = {name: each for name, each in entry.draft.files.items() if name != field}
    content = replace(entry.draft, files={**files, field: file} if file else files)
    return await _keep(entry, content, open_now)


async def _keep(entry: KnownEntry, content: Content, open_now: Window) -> KnownEntry:
    edits = entry.edits + 1
    values: dict[Column | str, Any] = {
        Entry.draft: service.kept(content),
        Entry.edits: edits,
        Entry.saved_at: open_now.moment,
    }
    await Entry.update(values).where(Entry.id == entry.id, Entry.edits == entry.edits)
    return replace(entry, draft=content, edits=edits, saved_at=open_now.moment)


def _is_readable(text: str) -> bool:
    return not text.strip() or filling.number(text) is not None
