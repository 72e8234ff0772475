"""What a call says: its texts, its phases, what it asks of an entry, how entries are judged. Values, nothing else."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

Words = Mapping[str, str]
"""One text by language code (`fi`, `sv`, `en`); a call has at least its first language."""

HIGHEST_MARK = 10
"""Marks go from 0 to 10 in whole steps; a score is their weighted mean in points of 100."""


class PhaseKind(StrEnum):
    """What goes on in a phase."""

    ENTRIES = "entries"
    """Entries are drafted and submitted; its end is the deadline."""
    SCREENING = "screening"
    """The jury reads every entry; finalists come of it."""
    FINAL = "final"
    """The jury reads the finalists again; winners come of it."""


class Phase(Struct, frozen=True):
    """One phase: from `begins` until just before `ends`, both aware and in UTC."""

    kind: PhaseKind
    begins: datetime
    ends: datetime


class Track(Struct, frozen=True):
    """What one can enter for, such as a pilot in a city or an investment. `winners`: how many there are to be."""

    id: str
    name: Words
    text: Words
    winners: int = 1


class Eligibility(Struct, frozen=True):
    """A yes-or-no question; whoever answers other than `needed` cannot enter, and is told `otherwise`."""

    id: str
    text: Words
    needed: bool
    otherwise: Words


class FieldKind(StrEnum):
    """What a field of the entry takes."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    LINK = "link"
    FILE = "file"


class Choice(Struct, frozen=True):
    """One of what a field lets choose from."""

    id: str
    name: Words


class Field(Struct, frozen=True):
    """A field of the call's own.

    `longest`: characters of a text; `least`, `most`: of a number; `names_team`: what stands in it tells who the
    entrant is, so that a blind jury is not shown it.
    """

    id: str
    kind: FieldKind
    name: Words
    help: Words = {}
    is_required: bool = True
    longest: int = 2000
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    names_team: bool = False


class Criterion(Struct, frozen=True):
    """One thing that jurors mark. `weight`: a whole number above 0; `anchors`: what some marks mean, by the mark."""

    id: str
    name: Words
    text: Words
    weight: int
    anchors: Mapping[int, Words]


class Prize(Struct, frozen=True):
    """What winners of a track get."""

    track: str
    text: Words


class TieRule(StrEnum):
    """What decides between entries that the ranking cannot tell apart, in the call's order; never a number of ours."""

    JURY = "jury"
    """The jury decides, and says why."""
    CRITERION = "criterion"
    """The heaviest criterion's adjusted marks, then the next."""
    READS = "reads"
    """More reads count."""


class Terms(Struct, frozen=True):
    """One version of a call. `languages`: those it is written in, its own first.

    `grace_minutes`: how long after the deadline entries are still taken, stated openly. `reads`: jurors for each
    entry in the screening; `final_reads`: in the final, 0 for the whole panel. `home_city_limit`: how many of them
    may be of the entrant's city. `is_blind`: jurors see neither team nor organisation.
    """

    title: Words
    summary: Words
    text: Words
    languages: tuple[str, ...]
    phases: tuple[Phase, ...]
    tracks: tuple[Track, ...]
    eligibility: tuple[Eligibility, ...]
    fields: tuple[Field, ...]
    criteria: tuple[Criterion, ...]
    prizes: tuple[Prize, ...]
    rules: Words
    grace_minutes: int = 0
    reads: int = 3
    final_reads: int = 0
    home_city_limit: int = 1
    is_blind: bool = False
    ties: tuple[TieRule, ...] = (TieRule.JURY, TieRule.CRITERION, TieRule.READS)

    def phase(self, kind: PhaseKind) -> Phase | None:
        """The phase of that kind; None where the call has none."""
        return next((phase for phase in self.phases if phase.kind is kind), None)

    def track(self, name: str) -> Track | None:
        """The track of that id; None where the call has none."""
        return next((track for track in self.tracks if track.id == name), None)


def told(words: Words, language: str, languages: tuple[str, ...]) -> tuple[str, str]:
    """The text in that language, or else in the first that has it, and its language; both may be empty."""
    order = (language, *languages, *words)
    found = next((code for code in order if words.get(code)), "")
    return words.get(found, ""), found
