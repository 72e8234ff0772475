"""The guided questionnaire as data: one TOML file for each topic stands beside this module.

`version.toml` names the version and the order of the topics, `profile.toml` holds the questions about the firm that
decide which others are asked. The loader (`reading`) refuses whatever is incomplete.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from msgspec import Struct

HERE = Path(__file__).parent
LANGUAGES = ("fi", "sv", "en")
FRAMEWORKS = ("din-27076", "cis-ig1", "cyber-essentials", "nist-csf-2.0")
DONT_KNOW = "dont-know"
NOT_APPLICABLE = "not-applicable"

Words = Mapping[str, str]
"""One text in every language, by language code."""


class Kind(StrEnum):
    """What an answer says: how good things are, that the owner does not know, or that it is not their question."""

    GRADED = "graded"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Answer(Struct, frozen=True):
    """One answer. `value` is 0 (the honest worst) to 1 for a graded one, else None."""

    id: str
    text: Words
    kind: Kind = Kind.GRADED
    value: float | None = None


class ProfileQuestion(Struct, frozen=True):
    """One question about the firm itself: never graded, it only decides what else is asked and said."""

    id: str
    text: Words
    help: Words
    answers: tuple[Answer, ...]


class Satisfies(Struct, frozen=True):
    """That an answer at least as good as `answer` meets one requirement of a framework; `why` says how."""

    framework: str
    id: str
    answer: str
    why: Words


class Seen(Struct, frozen=True):
    """What a finding of the domain check says about a question.

    It applies where any finding of `check` has one of `outcomes`. `answer` is what it settles by itself and
    may be prefilled; None where it only raises doubt. `doubts` are the answers that it contradicts.
    `text` tells what was seen, with `{subject}` and `{date}` filled in.
    """

    check: str
    outcomes: tuple[str, ...]
    answer: str | None
    doubts: tuple[str, ...]
    text: Words


class Question(Struct, frozen=True):
    """One question. `shown_if` reads the profile only: every named profile question has one of these answers.

    `weight`: what it counts in the score (10 critical, 5, 2 or 1, as the severities of `checks.score`). `ask`: the
    sentence to send to the IT provider by an owner who does not know. `gap`: what a critical one means while open.
    """

    id: str
    topic: str
    text: Words
    help: Words
    ask: Words
    weight: int
    critical: bool
    shown_if: Mapping[str, tuple[str, ...]]
    answers: tuple[Answer, ...]
    satisfies: tuple[Satisfies, ...]
    seen: tuple[Seen, ...]
    gap: Words | None = None

    def answer(self, name: str) -> Answer | None:
        """The answer of that id; None where the question has none."""
        return next((answer for answer in self.answers if answer.id == name), None)


class Local(Struct, frozen=True):
    """What a fix adds for firms of one country (`fi`, `us-ny`), with the page that says so and when it was read."""

    country: str
    text: Words
    source: str
    title: str
    seen: date


class Fix(Struct, frozen=True):
    """One measure. `lifts`: the value to which it brings each question, by question id.

    `cost_eur` is from and to, in whole euro, the free way first; `minutes` of work; `who` is one of
    `checks.advice.DOERS`. `stops`: the attack it stops. `verify`: how to see that it is done. `requires`: fixes to be
    done before. `same_as`: fixes of the domain check (ids of their cards) that are the same measure.
    """

    id: str
    title: Words
    steps: Mapping[str, tuple[str, ...]]
    stops: Words
    verify: Words
    cost_eur: tuple[int, int]
    minutes: int
    who: str
    lifts: Mapping[str, float]
    requires: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    local: tuple[Local, ...] = ()


class Topic(Struct, frozen=True):
    """One chapter of the questionnaire."""

    id: str
    title: Words
    questions: tuple[Question, ...]


class Catalogue(Struct, frozen=True):
    """The whole questionnaire of one version, in the order in which it is asked."""

    version: str
    profile: tuple[ProfileQuestion, ...]
    topics: tuple[Topic, ...]
    fixes: Mapping[str, Fix]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, topic by topic."""
        return tuple(question for topic in self.topics for question in topic.questions)

    def question(self, name: str) -> Question | None:
        """The question of that id; None where there is none."""
        return next((question for question in self.questions if question.id == name), None)

    def profile_question(self, name: str) -> ProfileQuestion | None:
        """The profile question of that id; None where there is none."""
        return next((question for question in self.profile if question.id == name), None)

    def fixes_for(self, question: str) -> tuple[Fix, ...]:
        """The fixes that lift a question, in the catalogue's order."""
        return tuple(fix for fix in self.fixes.values() if question in fix.lifts)


@cache
def current() -> Catalogue:
    """Today's catalogue. Raises CatalogueError where a file is incomplete."""
    from portal.assessments.catalogue.reading import read  # noqa: PLC0415 - it needs the structs of this module

    return read(HERE)
