"""What is missing or wrong in a call's terms before they may be published, by place; and what a new version may not do.

Nothing here knows words: who shows a fault tells it in the reader's language.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from challenge.entry import DECK
from challenge.terms import (
    HIGHEST_MARK,
    Criterion,
    Field,
    FieldKind,
    Phase,
    PhaseKind,
    Terms,
    TieRule,
    Words,
)

LONGEST = {"title": 120, "summary": 400, "text": 6000, "rules": 6000, "name": 100, "line": 500}
"""Characters in one language, by what it is."""
MOST = {"tracks": 6, "eligibility": 12, "fields": 20, "criteria": 10, "choices": 30}
MOST_GRACE_MINUTES = 24 * 60
MOST_READS = 20
LONGEST_ANSWER = 10_000
HEAVIEST = 100


class Fault(Struct, frozen=True):
    """One thing that is wrong.

    `part` and `item`: where, such as `criteria` and that criterion's id (empty: the part as a whole); `field`: of it;
    `language`: of a text; `code`: what.
    """

    part: str
    code: str
    item: str = ""
    field: str = ""
    language: str = ""


def wrong(terms: Terms) -> tuple[Fault, ...]:
    """Everything for which terms cannot be published, in the order of their parts. Empty: they can."""
    return tuple(
        fault
        for part in (_texts, _phases, _tracks, _eligibility, _fields, _criteria, _prizes, _rules, _jury)
        for fault in part(terms)
    )


def unfair(before: Terms, after: Terms, moment: datetime, *, is_scored: bool) -> tuple[Fault, ...]:
    """What a new version takes from those who relied on the former one.

    Once entries are open, the deadline and its grace only move on, the opening stays, and tracks and what is asked
    stay what they are. Once scoring has opened (`is_scored`), nothing changes by which winners are chosen.
    """
    was, now = before.phase(PhaseKind.ENTRIES), after.phase(PhaseKind.ENTRIES)
    if was is None or now is None or moment < was.begins:
        return ()
    found = [*_earlier(before, was, after, now), *_taken_away(before, after)]
    if is_scored:
        found.extend(_after_scoring(before, after))
    return tuple(found)


def too_late(terms: Terms, moment: datetime) -> tuple[Fault, ...]:
    """That the deadline of terms which were never published has passed already."""
    entries = terms.phase(PhaseKind.ENTRIES)
    is_past = entries is not None and entries.ends <= moment
    return (Fault("phases", "past", PhaseKind.ENTRIES, "ends"),) if is_past else ()


def _texts(terms: Terms) -> Iterator[Fault]:
    if not terms.languages:
        yield Fault("texts", "none", field="languages")
    for field in ("title", "summary", "text"):
        yield from _said(terms, getattr(terms, field), LONGEST[field], Fault("texts", "", field=field))


def _phases(terms: Terms) -> Iterator[Fault]:
    """Phases are looked at in the order in which they must come."""
    for kind in (PhaseKind.ENTRIES, PhaseKind.SCREENING):
        if terms.phase(kind) is None:
            yield Fault("phases", "missing", kind)
    there = [phase for phase in (terms.phase(kind) for kind in PhaseKind) if phase is not None]
    for phase in there:
        if phase.ends <= phase.begins:
            yield Fault("phases", "no-length", phase.kind, "ends")
    for former, later in pairwise(there):
        grace = timedelta(minutes=terms.grace_minutes) if former.kind is PhaseKind.ENTRIES else timedelta()
        if later.begins < former.ends:
            yield Fault("phases", "overlaps", later.kind, "begins")
        elif later.begins < former.ends + grace:
            yield Fault("phases", "during-grace", later.kind, "begins")


def _tracks(terms: Terms) -> Iterator[Fault]:
    yield from _listed("tracks", [track.id for track in terms.tracks], least=1)
    for track in terms.tracks:
        yield from _said(terms, track.name, LONGEST["name"], Fault("tracks", "", track.id, "name"))
        yield from _said(terms, track.text, LONGEST["line"], Fault("tracks", "", track.id, "text"))
        if track.winners < 1:
            yield Fault("tracks", "out-of-range", track.id, "winners")


def _eligibility(terms: Terms) -> Iterator[Fault]:
    yield from _listed("eligibility", [each.id for each in terms.eligibility])
    for each in terms.eligibility:
        yield from _said(terms, each.text, LONGEST["line"], Fault("eligibility", "", each.id, "text"))
        yield from _said(terms, each.otherwise, LONGEST["line"], Fault("eligibility", "", each.id, "otherwise"))


def _fields(terms: Terms) -> Iterator[Fault]:
    yield from _listed("fields", [field.id for field in terms.fields])
    for field in terms.fields:
        if field.id == DECK:
            yield Fault("fields", "reserved", field.id)
        yield from _said(terms, field.name, LONGEST["name"], Fault("fields", "", field.id, "name"))
        yield from _not_longer(field.help, LONGEST["line"], Fault("fields", "", field.id, "help"))
        yield from _of_kind(terms, field)


def _of_kind(terms: Terms, field: Field) -> Iterator[Fault]:
    if field.kind is FieldKind.TEXT and not 1 <= field.longest <= LONGEST_ANSWER:
        yield Fault("fields", "out-of-range", field.id, "longest")
    if field.kind is FieldKind.NUMBER and _are_turned(field.least, field.most):
        yield Fault("fields", "out-of-range", field.id, "most")
    if field.kind is not FieldKind.CHOICE:
        return
    if not 2 <= len(field.choices) <= MOST["choices"]:  # noqa: PLR2004 - one is no choice
        yield Fault("fields", "few-choices", field.id, "choices")
    if len({choice.id for choice in field.choices}) < len(field.choices):
        yield Fault("fields", "twice", field.id, "choices")
    for choice in field.choices:
        yield from _said(terms, choice.name, LONGEST["name"], Fault("fields", "", field.id, "choices"))


def _criteria(terms: Terms) -> Iterator[Fault]:
    yield from _listed("criteria", [each.id for each in terms.criteria], least=1)
    for each in terms.criteria:
        yield from _said(terms, each.name, LONGEST["name"], Fault("criteria", "", each.id, "name"))
        yield from _said(terms, each.text, LONGEST["line"], Fault("criteria", "", each.id, "text"))
        if not 1 <= each.weight <= HEAVIEST:
            yield Fault("criteria", "out-of-range", each.id, "weight")
        yield from _anchors(terms, each)


def _anchors(terms: Terms, criterion: Criterion) -> Iterator[Fault]:
    """The ends of the scale must mean something; what stands between may."""
    for mark in sorted({0, HIGHEST_MARK, *criterion.anchors}):
        at = Fault("criteria", "", criterion.id, f"anchor-{mark}")
        if not 0 <= mark <= HIGHEST_MARK:
            yield _because(at, "out-of-range")
        yield from _said(terms, criterion.anchors.get(mark, {}), LONGEST["line"], at)


def _prizes(terms: Terms) -> Iterator[Fault]:
    for prize in terms.prizes:
        if terms.track(prize.track) is None:
            yield Fault("prizes", "no-such-track", prize.track)
        yield from _said(terms, prize.text, LONGEST["line"], Fault("prizes", "", prize.track, "text"))


def _rules(terms: Terms) -> Iterator[Fault]:
    yield from _said(terms, terms.rules, LONGEST["rules"], Fault("rules", "", field="rules"))


def _jury(terms: Terms) -> Iterator[Fault]:
    ranges = {
        "grace_minutes": (0, MOST_GRACE_MINUTES),
        "reads": (1, MOST_READS),
        "final_reads": (0, MOST_READS),
        "home_city_limit": (0, MOST_READS),
    }
    for field, (least, most) in ranges.items():
        if not least <= getattr(terms, field) <= most:
            yield Fault("jury", "out-of-range", field=field)
    if len(set(terms.ties)) < len(terms.ties):
        yield Fault("jury", "twice", field="ties")
    if TieRule.JURY not in terms.ties:
        yield Fault("jury", "no-jury", field="ties")


def _listed(part: str, ids: Sequence[str], least: int = 0) -> Iterator[Fault]:
    if len(ids) < least:
        yield Fault(part, "none")
    if len(ids) > MOST[part]:
        yield Fault(part, "too-many")
    yield from (Fault(part, "twice", each) for each in sorted({each for each in ids if ids.count(each) > 1}))


def _said(terms: Terms, words: Words, longest: int, at: Fault) -> Iterator[Fault]:
    """A text must stand in each of the call's languages."""
    for language in terms.languages:
        if not words.get(language, "").strip():
            yield _because(at, "missing", language)
    yield from _not_longer(words, longest, at)


def _not_longer(words: Words, longest: int, at: Fault) -> Iterator[Fault]:
    yield from (_because(at, "too-long", language) for language, text in words.items() if len(text) > longest)


def _because(at: Fault, code: str, language: str = "") -> Fault:
    return Fault(at.part, code, at.item, at.field, language)


def _are_turned(least: float | None, most: float | None) -> bool:
    return least is not None and most is not None and least > most


def _earlier(before: Terms, was: Phase, after: Terms, now: Phase) -> Iterator[Fault]:
    if now.begins != was.begins:
        yield Fault("phases", "opened", PhaseKind.ENTRIES, "begins")
    if now.ends < was.ends:
        yield Fault("phases", "earlier", PhaseKind.ENTRIES, "ends")
    elif now.ends + timedelta(minutes=after.grace_minutes) < was.ends + timedelta(minutes=before.grace_minutes):
        yield Fault("jury", "earlier", field="grace_minutes")


def _taken_away(before: Terms, after: Terms) -> Iterator[Fault]:
    for track in before.tracks:
        if after.track(track.id) is None:
            yield Fault("tracks", "gone", track.id)
    fields = {field.id: field for field in before.fields}
    for field in after.fields:
        former = fields.get(field.id)
        if former is not None and former.kind is not field.kind:
            yield Fault("fields", "other-kind", field.id)
        if field.is_required and (former is None or not former.is_required):
            yield Fault("fields", "late", field.id)


def _after_scoring(before: Terms, after: Terms) -> Iterator[Fault]:
    if after.criteria != before.criteria:
        yield Fault("criteria", "scored")
    for field in ("ties", "is_blind", "grace_minutes"):
        if getattr(after, field) != getattr(before, field):
            yield Fault("jury", "scored", field=field)
    if after.phase(PhaseKind.ENTRIES) != before.phase(PhaseKind.ENTRIES):
        yield Fault("phases", "scored", PhaseKind.ENTRIES)
    if after.fields != before.fields:
        yield Fault("fields", "scored")
