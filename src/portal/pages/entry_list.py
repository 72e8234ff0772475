"""A team's entries as lines: which call, how far, until when."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from challenge.terms import told
from portal import clock
from portal.accounts.cities import Told
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.entries import service
from portal.entries.service import KnownEntry


class State(StrEnum):
    """How far an entry is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    MISSED = "missed"
    """It was never submitted, and the call is closed."""


class Line(Struct, frozen=True):
    """One entry. `track`: its name in the reader's language."""

    entry: KnownEntry
    call: KnownCall
    name: Told
    track: str
    state: State
    is_open: bool


async def listed(organisations: Collection[UUID], language: str, call: UUID | None = None) -> list[Line]:
    """The entries of those startups, the newest first; of one call only, where it is given."""
    now = clock.now()
    return [await _line(each, language, now) for each in await service.of_organisations(organisations, call)]


async def _line(entry: KnownEntry, language: str, now: datetime) -> Line:
    call = await calls.by_id(entry.call)
    track = call.terms.track(entry.track)
    is_open = calls.takes_entries(call, now)
    return Line(
        entry=entry,
        call=call,
        name=call.title_in(language),
        track=told(track.name, language, call.terms.languages)[0] if track else "",
        state=_state(entry, is_open=is_open),
        is_open=is_open,
    )


def _state(entry: KnownEntry, *, is_open: bool) -> State:
    if entry.withdrawn_at is not None:
        return State.WITHDRAWN
    if entry.submission:
        return State.SUBMITTED
    return State.DRAFT if is_open else State.MISSED
