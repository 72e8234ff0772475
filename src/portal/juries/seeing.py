"""What a juror sees of an entry. Everything they see comes from here; where the jury is blind, here it is left out."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from challenge.entry import DECK, Content
from challenge.terms import Field, FieldKind, told
from checks.advice import DOERS
from portal.accounts import organisations
from portal.accounts.cities import Told
from portal.assessments import catalogue
from portal.calls.service import KnownCall
from portal.entries import service as entries
from portal.entries.choices import countries_named, languages_named
from portal.entries.service import KeptFile, SubmittedEntry
from portal.errors import NotAllowedError

HIDDEN = "▢▢▢"
"""Stands where a blind jury would read who the entrant is."""
_SHORTEST = 3
"""Shorter names stand in too many words."""


class SeenField(Struct, frozen=True):
    """One of the call's own fields. `link`: it leads elsewhere; `file`: it is one, to be downloaded under `id`."""

    id: str
    name: Told
    text: str
    is_link: bool = False
    is_file: bool = False


class SeenEntry(Struct, frozen=True):
    """An entry exactly as it was submitted, as far as its jurors are to see it.

    `language`: of its texts. `entrant`, `home`, `website`, `video`: empty where the jury is blind. `closes`: questions
    of the questionnaire. `files`: by field, their pages; their own names stay with the team.
    """

    number: int
    track: Told
    submission: int
    title: str
    summary: str
    language: str
    entrant: str
    home: str
    website: str
    video: str
    closes: tuple[str, ...]
    price_eur: float | None
    hours: float | None
    skills: str
    speaks: tuple[str, ...]
    countries: tuple[str, ...]
    fields: tuple[SeenField, ...]
    files: Mapping[str, int]


async def seen(entry: SubmittedEntry, call: KnownCall, language: str) -> SeenEntry:
    """What the juror reads, with the call's own words in their language."""
    if not call.terms.is_blind:
        return _shown(entry, entry.content, call, language, is_blind=False)
    team = await organisations.people_of(entry.organisation)
    names = [entry.organisation_name, *(each.name for each in team), *(each.address for each in team)]
    return _shown(entry, _without(names, entry.content), call, language, is_blind=True)


async def titles(found: Iterable[SubmittedEntry], call: KnownCall) -> dict[int, str]:
    """By number, what entries are called, for lists."""
    return {each.number: (await seen(each, call, each.content.language)).title for each in found}


async def of_round(call: KnownCall, entry_ids: Iterable[UUID]) -> dict[UUID, SubmittedEntry]:
    """Those of the submitted entries, by id. What a juror is shown of one goes through `seen`."""
    wanted = set(entry_ids)
    return {each.id: each for each in await entries.submitted(call.id) if each.id in wanted}


async def file_of(entry: SubmittedEntry, call: KnownCall, field: str) -> tuple[KeptFile, str]:
    """A file that the submission names, and what it is called for jurors, which tells nothing of the team.

    Raises:
        NotAllowedError: there is none that the juror may see.
    """
    if field != DECK and field not in {each.id for each in _fields(call) if each.kind is FieldKind.FILE}:
        raise NotAllowedError
    return await entries.file_of(entry, field), f"entry-{entry.number}-{field}.pdf"


def _fields(call: KnownCall) -> list[Field]:
    return [each for each in call.terms.fields if not (call.terms.is_blind and each.names_team)]


def _shown(entry: SubmittedEntry, content: Content, call: KnownCall, language: str, *, is_blind: bool) -> SeenEntry:
    track = call.terms.track(entry.track)
    shown_fields = [_field(each, content, call, language) for each in _fields(call)]
    visible = {DECK, *(each.id for each in shown_fields if each.is_file)}
    return SeenEntry(
        number=entry.number,
        track=_told(track.name, call, language) if track else Told(entry.track, language),
        submission=entry.submission,
        title=content.title,
        summary=content.summary,
        language=content.language,
        entrant="" if is_blind else entry.organisation_name,
        home="" if is_blind else _home(entry, call, language),
        website="" if is_blind else content.website,
        video="" if is_blind else content.video,
        closes=_closes(content, language),
        price_eur=content.price_eur,
        hours=content.hours,
        skills=content.skills if content.skills in DOERS else "",
        speaks=languages_named(content.speaks, language),
        countries=countries_named(content.countries, language),
        fields=tuple(each for each in shown_fields if each.text or each.is_file),
        files={field: file.pages for field, file in content.files.items() if field in visible},
    )


def _field(field: Field, content: Content, call: KnownCall, language: str) -> SeenField:
    text = content.fields.get(field.id, "")
    chosen = next((each for each in field.choices if each.id == text), None)
    is_link = field.kind is FieldKind.LINK and text.startswith("https://") and not call.terms.is_blind
    if call.terms.is_blind and field.kind is FieldKind.LINK:
        text = ""  # where it leads, the team shows itself
    if chosen is not None and field.kind is FieldKind.CHOICE:
        text = _told(chosen.name, call, language).text
    is_file = field.kind is FieldKind.FILE and field.id in content.files
    return SeenField(
        field.id, _told(field.name, call, language), "" if field.kind is FieldKind.FILE else text, is_link, is_file
    )


def _closes(content: Content, language: str) -> tuple[str, ...]:
    known = (catalogue.current().question(each) for each in content.closes)
    return tuple(each.text[language] for each in known if each is not None)


def _home(entry: SubmittedEntry, call: KnownCall, language: str) -> str:
    return next((each.name_in(language).text for each in call.cities if each.slug == entry.home), "")


def _told(words: Mapping[str, str], call: KnownCall, language: str) -> Told:
    return Told(*told(words, language, call.terms.languages))


def _without(names: Iterable[str], content: Content) -> Content:
    """The content without these names, and without the host of its web site, wherever they stand in its texts."""
    hosts = re.findall(r"^https?://(?:www\.)?([^/:?#]+)", content.website)
    listed = sorted({each for each in (*names, *hosts) if len(each) >= _SHORTEST}, key=len, reverse=True)
    if not listed:
        return content
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(each) for each in listed) + r")", re.IGNORECASE)
    return replace(
        content,
        title=pattern.sub(HIDDEN, content.title),
        summary=pattern.sub(HIDDEN, content.summary),
        fields={field: pattern.sub(HIDDEN, text) for field, text in content.fields.items()},
    )
