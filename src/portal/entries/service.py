"""Entries as their team, the jury and the organisers know them. Only reads; `drafting` and `submitting` write."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from challenge.entry import DECK, Content, Deck
from portal.accounts.tables import Organisation
from portal.entries.tables import Entry, Submission, Upload
from portal.errors import NotAllowedError


class KnownEntry(Struct, frozen=True):
    """One as its team sees it. `submission`: the number of the one that counts, 0 before the first."""

    id: UUID
    call: UUID
    organisation: UUID
    track: str
    number: int | None
    home: str
    draft: Content
    edits: int
    saved_at: datetime
    submission: int
    shows_gallery: bool
    withdrawn_at: datetime | None


class KnownSubmission(Struct, frozen=True):
    """One that was handed in. `digest`: SHA-256 of all of it, hexadecimal; `receipt`: what the team has in hand."""

    number: int
    call_version: int
    content: Content
    digest: str
    submitted_at: datetime
    is_late: bool
    receipt: str


class SubmittedEntry(Struct, frozen=True):
    """An entry that takes part, exactly as it was last submitted. `number`: how the jury calls it.

    `home`: the slug of the call's city in which the entrant is at home; empty where it is in none. `submission`: the
    number of the submission that counts; `is_late`: it came within the grace period. `shows_gallery`: the team agrees
    that it may stand in the public gallery.
    """

    id: UUID
    number: int
    track: str
    organisation: UUID
    organisation_name: str
    home: str
    submission: int
    call_version: int
    content: Content
    digest: str
    submitted_at: datetime
    is_late: bool
    shows_gallery: bool


class KeptFile(Struct, frozen=True):
    """A file with its bytes. `name`: as its team called it, without what could harm."""

    name: str
    digest: str
    size: int
    pages: int
    content: bytes


async def of_team(organisation: UUID, entry: UUID) -> KnownEntry:
    """That entry of that organisation. Raises NotAllowedError where there is none."""
    row = await Entry.objects().where(Entry.id == entry, Entry.organisation == organisation).first()
    if row is None:
        raise NotAllowedError
    return known(row)


async def of_organisations(organisations: Collection[UUID], call: UUID | None = None) -> list[KnownEntry]:
    """All entries of those organisations, the newest first; of one call only, where it is given."""
    if not organisations:
        return []
    query = Entry.objects().where(Entry.organisation.is_in(list(organisations)))
    found = await (query.where(Entry.call == call) if call else query).order_by(Entry.created_at, ascending=False)
    return [known(row) for row in found]


async def submissions_of(entry: UUID) -> list[KnownSubmission]:
    """Everything that was handed in, the newest first."""
    found = await Submission.objects().where(Submission.entry == entry).order_by(Submission.number, ascending=False)
    return [known_submission(row) for row in found]


async def submission(entry: UUID, number: int) -> KnownSubmission:
    """Raises NotAllowedError where there is none."""
    row = await Submission.objects().where(Submission.entry == entry, Submission.number == number).first()
    if row is None:
        raise NotAllowedError
    return known_submission(row)


async def submitted(call_id: UUID, track: str | None = None) -> list[SubmittedEntry]:
    """All entries that take part in that call, by their numbers: those submitted and not withdrawn."""
    found = await Submission.select(
        Submission.entry.id.as_alias("id"),
        Submission.entry.number.as_alias("entry_number"),
        Submission.entry.track.as_alias("track"),
        Submission.entry.organisation.as_alias("organisation"),
        Submission.entry.home.as_alias("home"),
        Submission.entry.shows_gallery.as_alias("shows_gallery"),
        Submission.number,
        Submission.call_version,
        Submission.content,
        Submission.digest,
        Submission.submitted_at,
        Submission.is_late,
    ).where(
        Submission.entry.call == call_id,
        Submission.number == Submission.entry.submission,
        Submission.entry.withdrawn_at.is_null(),
    )
    wanted = [row for row in found if track is None or row["track"] == track]
    names = await _names({row["organisation"] for row in wanted})
    made = (_submitted(row, names[row["organisation"]]) for row in wanted)
    return sorted(made, key=lambda each: each.number)


async def file_of(entry: SubmittedEntry, field: str = DECK) -> KeptFile:
    """The file that the submission names there. Raises NotAllowedError where it names none."""
    named = entry.content.files.get(field)
    if named is None:
        raise NotAllowedError
    return await kept_file(entry.id, field, named)


async def kept_file(entry: UUID, field: str, named: Deck) -> KeptFile:
    """The file of that entry that was named there. Raises NotAllowedError where it is not kept any more."""
    own = (Upload.entry == entry) & (Upload.field == field)
    row = await Upload.objects().where(own, Upload.digest == named.digest).first()
    if row is None:
        raise NotAllowedError
    return KeptFile(named.name, row.digest, row.size, row.pages, bytes(row.content))


def known(row: Entry) -> KnownEntry:
    """The row as a value."""
    return KnownEntry(
        id=row.id,
        call=row.call,
        organisation=row.organisation,
        track=row.track,
        number=row.number,
        home=row.home,
        draft=content_of(row.draft),
        edits=row.edits,
        saved_at=row.saved_at,
        submission=row.submission,
        shows_gallery=row.shows_gallery,
        withdrawn_at=row.withdrawn_at,
    )


def known_submission(row: Submission) -> KnownSubmission:
    """The row as a value."""
    return KnownSubmission(
        number=row.number,
        call_version=row.call_version,
        content=content_of(row.content),
        digest=row.digest,
        submitted_at=row.submitted_at,
        is_late=row.is_late,
        receipt=row.receipt,
    )


def content_of(text: str) -> Content:
    """A content as it is kept."""
    return msgspec.json.decode(text, type=Content)


def kept(content: Content) -> str:
    """A content as the database keeps it."""
    return msgspec.json.encode(content).decode()


async def _names(organisations: Collection[UUID]) -> dict[UUID, str]:
    if not organisations:
        return {}
    found = await Organisation.select(Organisation.id, Organisation.name).where(
        Organisation.id.is_in(list(organisations))
    )
    return {row["id"]: row["name"] for row in found}


def _submitted(row: dict[str, Any], name: str) -> SubmittedEntry:
    return SubmittedEntry(
        organisation_name=name,
        number=row["entry_number"],
        submission=row["number"],
        content=content_of(row["content"]),
        **{name: row[name] for name in SubmittedEntry.__struct_fields__ if name not in _OTHERWISE},
    )


_OTHERWISE = {"organisation_name", "number", "submission", "content"}
"""What is called or kept otherwise in the row."""
