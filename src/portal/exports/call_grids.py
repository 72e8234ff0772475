"""What a call's organisers take along, as tables: entries, submissions, who reads what, scores."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from challenge.terms import Field, FieldKind, told
from checks.document import moment
from portal.assessments.wording import Wording
from portal.entries.service import SubmittedEntry
from portal.exports.call_gathering import TakenCall
from portal.exports.grid import Cell, Column, Grid
from portal.i18n import translator

_NARROW, _SHORT, _WIDE, _WIDEST = 9, 14, 30, 60


def grids(taken: TakenCall) -> tuple[Grid, ...]:
    """All of them, for one workbook. Scores without names are not among them: their names stand beside them there."""
    named = any(each.is_named for each in taken.rounds)
    every = (entries(taken), submissions(taken), assignments(taken))
    return (*every, scores(taken, only_named=True)) if named else every


def entries(taken: TakenCall) -> Grid:
    """What takes part, exactly as it was last submitted, with the call's own fields."""
    tell, own = translator(taken.language).gettext, taken.call.terms.fields
    name = partial(_said, taken)
    columns = (
        Column("number", tell("No."), _NARROW),
        Column("track", tell("Track"), _SHORT),
        Column("startup", tell("Startup"), _WIDE),
        Column("home", tell("City"), _SHORT),
        Column("title", tell("Title"), _WIDE),
        Column("summary", tell("Summary"), _WIDEST),
        Column("language", tell("Language"), _NARROW),
        Column("price", tell("Euro a year for five people"), _SHORT),
        Column("hours", tell("Hours until it runs"), _SHORT),
        Column("skills", tell("Who can do that"), _SHORT),
        Column("speaks", tell("Languages"), _SHORT),
        Column("countries", tell("Countries"), _SHORT),
        Column("closes", tell("Gaps that it closes"), _WIDE),
        Column("website", tell("Website"), _WIDE),
        Column("video", tell("Video"), _WIDE),
        Column("deck", tell("Pitch deck"), _WIDE),
        *(Column(f"field-{field.id}", name(field.name), _WIDE) for field in own),
        Column("submitted", tell("Submitted at (UTC)"), _WIDE),
        Column("late", tell("In the grace period"), _SHORT),
    )
    return Grid("entries", tell("Entries"), columns, tuple(_entries(taken)))


def submissions(taken: TakenCall) -> Grid:
    """Each time that something was handed in, by which a receipt can be checked."""
    tell = translator(taken.language).gettext
    columns = (
        Column("number", tell("No."), _NARROW),
        Column("startup", tell("Startup"), _WIDE),
        Column("submission", tell("Submission"), _SHORT),
        Column("submitted", tell("Submitted at (UTC)"), _WIDE),
        Column("late", tell("In the grace period"), _SHORT),
        Column("version", tell("Version of the call"), _SHORT),
        Column("receipt", tell("Receipt"), _WIDE),
        Column("digest", "SHA-256", _WIDEST),
    )
    rows: list[Mapping[str, Cell]] = [
        {
            "number": each.entry,
            "startup": each.startup,
            "submission": each.number,
            "submitted": moment(each.submitted_at),
            "late": _yes(taken, yes=each.is_late),
            "version": each.call_version,
            "receipt": each.receipt,
            "digest": each.digest,
        }
        for each in taken.submissions
    ]
    return Grid("submissions", tell("Submissions"), columns, tuple(rows))


def assignments(taken: TakenCall) -> Grid:
    """Who reads what in which round, and how far they are."""
    tell = translator(taken.language).gettext
    columns = (
        Column("round", tell("Round"), _SHORT),
        Column("number", tell("No."), _NARROW),
        Column("juror", tell("Juror no."), _NARROW),
        Column("name", tell("Juror"), _WIDE),
        Column("city", tell("City"), _SHORT),
        Column("state", tell("Status"), _SHORT),
        Column("hand", tell("Given by hand"), _SHORT),
        Column("given", tell("Given at (UTC)"), _WIDE),
        Column("ended", tell("Ended at (UTC)"), _WIDE),
    )
    rounds, states = _rounds(taken), _states(taken)
    rows: list[Mapping[str, Cell]] = [
        {
            "round": rounds[each.round],
            "number": each.entry,
            "juror": each.juror,
            "name": each.juror_name,
            "city": each.city,
            "state": states[each.state],
            "hand": _yes(taken, yes=each.by_hand),
            "given": moment(each.given_at),
            "ended": _moment(each.ended_at),
        }
        for each in taken.assignments
    ]
    return Grid("assignments", tell("Assignments"), columns, tuple(rows))


def scores(taken: TakenCall, *, only_named: bool = False) -> Grid:
    """Scores of the rounds that are locked: by numbers, and with titles and startups where they may stand beside them.

    `only_named`: without those of which that may not be.
    """
    tell = translator(taken.language).gettext
    criteria = taken.call.terms.criteria
    columns = (
        Column("round", tell("Round"), _SHORT),
        Column("number", tell("No."), _NARROW),
        Column("startup", tell("Startup"), _WIDE),
        Column("title", tell("Title"), _WIDE),
        Column("juror", tell("Juror no."), _NARROW),
        *(Column(f"mark-{each.id}", _said(taken, each.name), _SHORT) for each in criteria),
        Column("total", tell("Points of 100"), _SHORT),
    )
    return Grid("scores", tell("Scores"), columns, tuple(_scores(taken, only_named=only_named)))


def _scores(taken: TakenCall, *, only_named: bool) -> Iterator[Mapping[str, Cell]]:
    known = {each.number: each for each in taken.entries}
    rounds = _rounds(taken)
    for round_ in taken.rounds:
        if only_named and not round_.is_named:
            continue
        for each in round_.scores:
            entry = known.get(each.entry) if round_.is_named else None
            names = {"startup": entry.organisation_name, "title": entry.content.title} if entry else {}
            marks = {f"mark-{name}": mark for name, mark in each.marks.items()}
            numbers = {"number": each.entry, "juror": each.juror, "total": each.total}
            yield {"round": rounds[round_.known.kind.value], **numbers, **names, **marks}


def _entries(taken: TakenCall) -> Iterator[Mapping[str, Cell]]:
    for each in taken.entries:
        content, track = each.content, taken.call.terms.track(each.track)
        yield {
            "number": each.number,
            "track": _said(taken, track.name) if track else each.track,
            "startup": each.organisation_name,
            "home": each.home,
            "title": content.title,
            "summary": content.summary,
            "language": content.language,
            "price": content.price_eur,
            "hours": content.hours,
            "skills": Wording(taken.language).doer(content.skills) if content.skills else "",
            "speaks": ", ".join(content.speaks),
            "countries": ", ".join(content.countries),
            "closes": ", ".join(content.closes),
            "website": content.website,
            "video": content.video,
            "deck": content.files["deck"].name if "deck" in content.files else "",
            **{f"field-{field.id}": _field(taken, each, field) for field in taken.call.terms.fields},
            "submitted": moment(each.submitted_at),
            "late": _yes(taken, yes=each.is_late),
        }


def _field(taken: TakenCall, entry: SubmittedEntry, field: Field) -> str:
    if field.kind is FieldKind.FILE:
        deck = entry.content.files.get(field.id)
        return deck.name if deck else ""
    text = entry.content.fields.get(field.id, "")
    chosen = next((each for each in field.choices if each.id == text), None)
    return _said(taken, chosen.name) if chosen else text


def _said(taken: TakenCall, words: Mapping[str, str]) -> str:
    return told(words, taken.language, taken.call.terms.languages)[0]


def _yes(taken: TakenCall, *, yes: bool) -> str:
    tell = translator(taken.language).gettext
    return tell("Yes") if yes else tell("No")


def _moment(when: datetime | None) -> str:
    return moment(when) if when else ""


def _rounds(taken: TakenCall) -> Mapping[str, str]:
    tell = translator(taken.language).gettext
    return {"screening": tell("Screening"), "final": tell("Final")}


def _states(taken: TakenCall) -> Mapping[str, str]:
    tell = translator(taken.language).gettext
    return {
        "open": tell("Not done yet"),
        "done": tell("Done"),
        "recused": tell("Recused"),
        "cannot-judge": tell("Cannot judge it"),
    }
