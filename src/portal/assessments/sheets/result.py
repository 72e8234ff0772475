"""What a sheet comes to: the one value that the command and the pages tell."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from checks.priority import any_urgent
from checks.score import Score
from portal.assessments.catalogue import Words
from portal.assessments.inspected import Found
from portal.assessments.sheets.items import FULL, Item

TOP_BAND = 80
MIDDLE_BAND = 50


class Band(StrEnum):
    """How well a firm is protected, by its points: 80 to 100, 50 to 79.9, and below."""

    WELL = "well"
    PARTLY = "partly"
    POORLY = "poorly"


class Limits(Struct, frozen=True):
    """What a firm can spend: whole euro on the fixes' `from` costs, and minutes of work. None is no limit."""

    budget_eur: int | None = None
    minutes: int | None = None


class NoPlan(StrEnum):
    """Why there is nothing in a plan."""

    NOTHING = "nothing"
    """Nothing applies to the firm, or nothing of what does is known to be short."""
    LIMITS = "limits"
    """There are fixes, but none within the firm's money and time."""
    FIND_OUT = "find-out"
    """Nothing that is surely short can be mended, but there is something that nobody could tell."""
    NO_FIX = "no-fix"
    """What is short has no fix."""
    ALL_DONE = "all-done"


class TopicScore(Struct, frozen=True):
    """The score of a topic of the questionnaire, or of `domain`, one for each of the firm's.

    `score`: None where nothing of it applies to the firm. `domain`: empty for a topic of the questionnaire.
    """

    id: str
    score: Score | None
    domain: str = ""


class Planned(Struct, frozen=True):
    """One fix of the plan.

    `fix`: its id in the catalogue, or where the catalogue has none of that id, in the cards of `findings`.
    `gain`: by how many points the shown `low` rises when it is done after those before it in the plan, one decimal.
    `cost_eur` from and to, `minutes` of work. `closes`: the critical gaps that are closed once it is done (question
    ids, ids of domain checks). `questions`: ids of those that it lifts. `findings`: the failing ones that it mends.
    `merged`: ids of the cards' fixes that it stands for (the same measure), in the order of `findings`.
    """

    fix: str
    gain: float
    cost_eur: tuple[int, int]
    minutes: int
    closes: tuple[str, ...]
    questions: tuple[str, ...]
    findings: tuple[Found, ...]
    merged: tuple[str, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether it is for now: it closes a critical gap, or mends what the domain's own page says to fix now."""
        return bool(self.closes) or any_urgent(self.findings)


class SeenAnswer(Struct, frozen=True):
    """What a finding settles by itself: this answer. `text` says what was seen, with `{subject}` and `{date}`."""

    answer: str
    finding: Found
    text: Words


class Contradiction(Struct, frozen=True):
    """That the owner answered one thing and the domain check saw another. `text` as in `SeenAnswer`."""

    question: str
    answer: str
    finding: Found
    text: Words


class Result(Struct, frozen=True):
    """One sheet, with what the checks of its domains found, assessed.

    `is_mendable`: whether there would be a plan, had the firm all the money and time.
    `score`: in all; None where nothing applies. It counts what is in `done` as done. `planned`: the score once the
    plan is done, too. `topics`: those of the catalogue in its order, then `domain` for each that was checked.
    `items`: what was counted, each with its weight and its values in hundredths.
    `critical_gaps`, `possible_gaps`: ids of the critical questions whose value is, or may be, under one half.
    `critical_findings`: the failing ones of critical severity; while one of these three is not empty, the upper band
    cannot be reached (by `high`: not while a gap is sure). `find_out`: ids of the questions that nobody could answer.
    `seen`: by question id, what the check settles, whatever the owner answered; it counts where they gave no answer
    or did not know. `done`: ids of the fixes ticked done that this catalogue or these findings have.
    """

    score: Score | None
    planned: Score | None
    topics: tuple[TopicScore, ...]
    items: tuple[Item, ...]
    critical_gaps: tuple[str, ...]
    possible_gaps: tuple[str, ...]
    critical_findings: tuple[Found, ...]
    plan: tuple[Planned, ...]
    is_mendable: bool
    find_out: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    seen: Mapping[str, SeenAnswer]
    done: frozenset[str]

    @property
    def why_no_plan(self) -> NoPlan:
        """Why the plan is empty, where it is."""
        if self.score is None:
            return NoPlan.NOTHING
        if self.is_mendable:
            return NoPlan.LIMITS
        if self.find_out:
            return NoPlan.FIND_OUT
        if any(item.high < FULL for item in self.items):
            return NoPlan.NO_FIX
        return NoPlan.ALL_DONE if self.score.low >= FULL else NoPlan.NOTHING

    @property
    def may_be_open(self) -> int:
        """How many critical gaps may be open besides those that surely are, of answers and of domain checks."""
        return sum(item.may_be_gap and not item.is_gap for item in self.items)


def band(points: float) -> Band:
    """The band of `low` or of `high`; while these differ in it, nobody can say yet how well the firm is protected."""
    if points >= TOP_BAND:
        return Band.WELL
    return Band.PARTLY if points >= MIDDLE_BAND else Band.POORLY
