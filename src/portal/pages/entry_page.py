"""The page of an entry, as its team sees it: what state it is in, its form while it is open, and what was submitted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar.status_codes import HTTP_409_CONFLICT
from msgspec import Struct

from challenge import decks, filling, merging
from challenge.entry import Content
from portal.accounts import cities, organisations
from portal.accounts.tables import Organisation
from portal.awards import letters
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.database import now
from portal.entries import service, submitting
from portal.entries.choices import spoken
from portal.entries.service import KnownEntry, KnownSubmission
from portal.pages import entry_form
from portal.pages.page import AnyRequest, Page, page, words

ENTRY = "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}"


class Shown(Struct, frozen=True):
    """Everything that the pages of one entry are made of.

    `moment`: of the database's clock. `has_feedback`: the team was told what the jury says of it.
    """

    team: Organisation
    entry: KnownEntry
    call: KnownCall
    newest: KnownSubmission | None
    moment: datetime
    has_feedback: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be changed and submitted."""
        return calls.takes_entries(self.call, self.moment)

    @property
    def is_changed(self) -> bool:
        """Whether the draft is another than what was submitted."""
        asked = filling.only_asked(self.entry.draft, self.call.terms)
        return self.newest is not None and self.newest.content != asked


async def load(organisation: UUID, entry: UUID) -> Shown:
    """Raises NotAllowedError where the organisation has no such entry."""
    team = await organisations.by_id(organisation)
    known = await service.of_team(organisation, entry)
    call = await calls.by_id(known.call)
    newest = await service.submission(known.id, known.submission) if known.submission else None
    moment = await now()
    has_feedback = moment > call.last_moment and bool(await letters.told_to(call.id, known.id))
    return Shown(team, known, call, newest, moment, has_feedback)


def path_of(language: str, entry: KnownEntry) -> str:
    """Where its page is."""
    return f"/{language}/organisation/{entry.organisation}/entry/{entry.id}"


def about(shown: Shown, language: str) -> dict[str, Any]:
    """What all pages of an entry are made with."""
    entry, call = shown.entry, shown.call
    return {
        "entry": entry,
        "team": shown.team,
        "call": call,
        "terms": call.terms,
        "name": call.title_in(language),
        "zone": call.lead.zone,
        "home": path_of(language, entry),
        "newest": shown.newest,
        "is_open": shown.is_open,
        "is_changed": shown.is_changed,
        "has_feedback": shown.has_feedback,
        "is_late": shown.moment >= call.deadline,
        "left_s": int((call.last_moment - shown.moment).total_seconds()),
        "may_withdraw": submitting.may_withdraw(call, shown.moment),
        "labels": entry_form.labels(call.terms, language),
        "own": filling.own_fields(call.terms),
        "files": filling.file_fields(call.terms),
        "doers": entry_form.doers(language),
        "spoken": spoken(language),
        "nations": cities.countries(language),
        "topics": entry_form.topics(language),
    }


def missing(shown: Shown, language: str) -> list[dict[str, str]]:
    """What keeps it from being submitted, as links are made of it."""
    named = entry_form.labels(shown.call.terms, language)
    content = filling.only_asked(shown.entry.draft, shown.call.terms)
    found = filling.lacks(content, shown.call.terms)
    return [{"field": each.field, "text": entry_form.reason(each, named[each.field], language)} for each in found]


def entry_page(  # noqa: PLR0913 - what came back from one of its forms
    request: AnyRequest,
    language: str,
    shown: Shown,
    *,
    notice: str = "",
    typed: Mapping[str, str] | None = None,
    both: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Page:
    """The page. `typed`: what stands in the form in place of what is saved; `both`: what two changed differently."""
    saved = filling.flat(shown.entry.draft, shown.call.terms)
    call = shown.call
    context = {
        **about(shown, language),
        "values": {**saved, **(typed or {})},
        "was": msgspec.json.encode(merging.marks(saved)).decode(),
        "both": both or {},
        "errors": errors or {},
        "notice": notice,
        "missing": missing(shown, language),
        "near": sorted({city.described.country for city in call.cities}),
        "limits": {"title": filling.LONGEST_TITLE, "summary": filling.LONGEST_SUMMARY},
        "largest": decks.LARGEST,
        "most_pages": decks.MOST_PAGES,
    }
    return page(request, language, "entries/show.html", context, status=status)


def closed_page(request: AnyRequest, language: str, shown: Shown, typed: Mapping[str, str]) -> Page:
    """That nothing was saved any more, with what was typed, for copying."""
    saved = filling.flat(shown.entry.draft, shown.call.terms)
    lost = {field: text for field, text in typed.items() if text and text != saved.get(field, "")}
    return page(
        request, language, "entries/closed.html", {**about(shown, language), "lost": lost}, status=HTTP_409_CONFLICT
    )


def content_context(content: Content) -> dict[str, Any]:
    """What `entries/content.html` shows."""
    return {"content": content, "closes": set(content.closes)}


def notices(language: str) -> dict[str, str]:
    """What was done just now, in words."""
    tell = words(language)
    return {
        "made": tell("You have entered. Nothing is submitted yet: fill in the form, then submit."),
        "saved": tell("Saved. It is not submitted yet."),
        "uploaded": tell("The file is here. It is not submitted yet."),
        "removed": tell("The file is removed."),
        "withdrawn": tell("The entry is withdrawn."),
        "gallery": tell("Your choice about the gallery is saved."),
        "unsent": tell("Saved, but the file was not sent. Choose it again and press “Send the file”."),
    }
