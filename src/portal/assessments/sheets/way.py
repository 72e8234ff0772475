"""The way through the questionnaire: first the firm itself, then topic by topic, what is not answered yet."""

from collections.abc import Iterator

from msgspec import Struct

from portal.assessments.catalogue import Catalogue, ProfileQuestion, Question, Words
from portal.assessments.sheets.sheet import Sheet, shown

FIRM = "firm"
"""The chapter of the questions about the firm itself."""


class Chapter(Struct, frozen=True):
    """One part of the way: `id` is `FIRM` or a topic's; the firm's has no `title` in the catalogue.

    `answered` are the ids of its questions that the owner has answered.
    """

    id: str
    title: Words | None
    questions: tuple[ProfileQuestion | Question, ...]
    answered: frozenset[str]

    @property
    def first_open(self) -> str | None:
        """The first question that is not answered yet."""
        return next((each.id for each in self.questions if each.id not in self.answered), None)


class Place(Struct, frozen=True):
    """Where one question stands: the `number`-th (from 1) of `total`. `before`: the one before it in its chapter."""

    chapter: Chapter
    number: int
    total: int
    before: str | None


class Way(Struct, frozen=True):
    """Every question that this firm is asked, chapter by chapter, in the catalogue's order."""

    chapters: tuple[Chapter, ...]

    @property
    def total(self) -> int:
        """How many questions there are."""
        return sum(len(chapter.questions) for chapter in self.chapters)

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return sum(len(chapter.answered) for chapter in self.chapters)

    @property
    def first_open(self) -> str | None:
        """The first question without an answer; None where all have one."""
        return next((chapter.first_open for chapter in self.chapters if chapter.first_open), None)

    def place(self, question: str) -> Place | None:
        """Where that question stands; None where this firm is not asked it."""
        number = 0
        for chapter in self.chapters:
            before = None
            for each in chapter.questions:
                number += 1
                if each.id == question:
                    return Place(chapter, number, self.total, before)
                before = each.id
        return None

    def after(self, question: str) -> str | None:
        """The next question without an answer, those skipped before it last; None where all have one."""
        in_order = list(self._open_or(question))
        here = in_order.index(question) if question in in_order else -1
        rest = in_order[here + 1 :] + in_order[: max(here, 0)]
        return rest[0] if rest else None

    def _open_or(self, question: str) -> Iterator[str]:
        for chapter in self.chapters:
            for each in chapter.questions:
                if each.id == question or each.id not in chapter.answered:
                    yield each.id


def way(catalogue: Catalogue, sheet: Sheet) -> Way:
    """The way of a firm with that profile, and how far it has come."""
    asked = shown(catalogue, sheet.profile)
    chapters = [_chapter(FIRM, None, catalogue.profile, frozenset(sheet.profile))]
    for topic in catalogue.topics:
        questions = tuple(each for each in asked if each.topic == topic.id)
        chapters.append(_chapter(topic.id, topic.title, questions, frozenset(sheet.answers)))
    return Way(tuple(chapter for chapter in chapters if chapter.questions))


def _chapter(
    name: str, title: Words | None, questions: tuple[ProfileQuestion | Question, ...], given: frozenset[str]
) -> Chapter:
    return Chapter(name, title, questions, given & {each.id for each in questions})
