"""How hard our English is to read: `make readability` prints it and writes docs/readability.md.

The Flesch-Kincaid grade (Kincaid and others, 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59. It is the
school year in which a text is read with ease. All words of a topic are counted together, so that a short text does not
count as much as a long one. Syllables come from syllapy, which knows the common words and estimates the others.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import syllapy

from checks import advice
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import Catalogue, Fix, Question, Words, current

ROOT = Path(__file__).parent.parent
AIM = 8
"""The grade that our texts should not be above."""
ENOUGH_WORDS = 20
"""A shorter text says too little about itself to be among the hardest."""
HARDEST = 10

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.!?]+(?=[\s”\")]|$)")
_IN_BRACKETS = re.compile(r"(?<=[.!?])\s*\([^()]*\)$")
"""Names for the IT provider, after the text: not for the owner to read."""


class Measured(NamedTuple):
    """What the grade is made of; texts add up."""

    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade; 0 of nothing."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


class Text(NamedTuple):
    """One text that people read: its topic, where it stands, and what was measured."""

    topic: str
    place: str
    text: str
    measured: Measured


def measure(text: str) -> Measured:
    """Counts sentences, words and syllables of one text; figures are no words."""
    plain = _IN_BRACKETS.sub("", text)
    words = _WORD.findall(plain)
    sentences = [part for part in _END.split(plain) if _WORD.search(part)]
    return Measured(len(sentences), len(words), sum(max(syllapy.count(word), 1) for word in words))


def total(texts: Iterable[Text]) -> Measured:
    """All of them as one text."""
    return Measured(*(sum(column) for column in zip((0, 0, 0), *(text.measured for text in texts), strict=True)))


def texts() -> list[Text]:
    """Every English text of the questionnaire and of the checks' cards, once each."""
    seen: set[str] = set()
    found = []
    for topic, place, text in (*_of_catalogue(current()), *_of_cards()):
        if text not in seen and _WORD.search(text):
            seen.add(text)
            found.append(Text(topic, place, text, measure(text)))
    return found


def _of_catalogue(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    for asked in catalogue.profile:
        yield from _named("profile", asked.id, text=asked.text, help=asked.help)
        yield from _named("profile", asked.id, **{f"answer {each.id}": each.text for each in asked.answers})
    for question in catalogue.questions:
        yield from _of_question(question)
    topics = {question.id: question.topic for question in catalogue.questions}
    for fix in catalogue.fixes.values():
        yield from _of_fix(topics[next(iter(fix.lifts))], fix)


def _of_question(question: Question) -> Iterator[tuple[str, str, str]]:
    yield from _named(question.topic, question.id, text=question.text, help=question.help, ask=question.ask)
    yield from _named(question.topic, question.id, **{f"answer {each.id}": each.text for each in question.answers})
    for entry in question.satisfies:
        yield from _named(question.topic, question.id, **{f"why {entry.framework} {entry.id}": entry.why})
    for seen in question.seen:
        yield from _named(question.topic, question.id, **{f"seen {seen.check}": seen.text})


def _of_fix(topic: str, fix: Fix) -> Iterator[tuple[str, str, str]]:
    yield from _named(topic, fix.id, title=fix.title, stops=fix.stops, verify=fix.verify)
    yield topic, f"{fix.id}, steps", " ".join(fix.steps["en"])
    for local in fix.local:
        yield from _named(topic, fix.id, **{f"local {local.country}": local.text})


def _of_cards() -> Iterator[tuple[str, str, str]]:
    for check in ALL_CHECKS:
        card = advice.card(check.id)
        topic = f"checks: {check.id.partition('.')[0]}"
        yield from _named(topic, check.id, name=card.name)
        for name, outcome in card.outcomes.items():
            yield from _named(topic, f"{check.id} {name}", headline=outcome.headline, detail=outcome.detail)
        for fix in card.fixes.values():
            yield from _named(topic, fix.id, title=fix.title, verify=fix.verify, caution=fix.caution, later=fix.later)
            yield topic, f"{fix.id}, steps", " ".join(fix.steps["en"])


def _named(topic: str, place: str, **words: Words | None) -> Iterator[tuple[str, str, str]]:
    for name, each in words.items():
        if each is not None:
            yield topic, f"{place}, {name}", each["en"]


def report(found: list[Text], today: str) -> str:
    """The page: averages, a table by topic, and the hardest texts."""
    of_catalogue = [text for text in found if not text.topic.startswith("checks: ")]
    of_cards = [text for text in found if text.topic.startswith("checks: ")]
    lines = [
        "# How hard our English is to read",
        "",
        f"Measured on {today} by `make readability`: the Flesch-Kincaid grade, the school year in which a text is read",
        f"with ease. The aim is {AIM} or less. What stands in brackets after a text is for the IT provider and was",
        "left out. The figure knows long words and long sentences only: a text of grade 5 can still be unclear.",
        "",
        "| | texts | words | words a sentence | grade | texts above the aim |",
        "|---|---|---|---|---|---|",
        _row("**The questionnaire**", of_catalogue),
        _row("**The cards of the checks**", of_cards),
        *(_row(topic, [text for text in found if text.topic == topic]) for topic in _topics(found)),
        "",
        f"“Texts above the aim” counts those of at least {ENOUGH_WORDS} words: of shorter ones the grade says little.",
        "",
        "## The ten hardest",
        "",
        *_hardest(of_catalogue, "The questionnaire"),
        *_hardest(of_cards, "The cards of the checks"),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _topics(found: list[Text]) -> list[str]:
    return list(dict.fromkeys(text.topic for text in found))


def _long(found: Iterable[Text]) -> list[Text]:
    return [text for text in found if text.measured.words >= ENOUGH_WORDS]


def _row(name: str, found: list[Text]) -> str:
    whole = total(found)
    above = sum(1 for text in _long(found) if text.measured.grade > AIM)
    pace = whole.words / max(whole.sentences, 1)
    return (
        f"| {name} | {len(found)} | {whole.words} | {pace:.1f} | {whole.grade:.1f} | {above} of {len(_long(found))} |"
    )


def _hardest(found: list[Text], name: str) -> list[str]:
    worst = sorted(_long(found), key=lambda text: -text.measured.grade)[:HARDEST]
    rows = [f"| {text.measured.grade:.1f} | {text.topic} | {text.place} | {_cell(text.text)} |" for text in worst]
    return [f"### {name}", "", "| grade | topic | where | text |", "|---|---|---|---|", *rows, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Prints the page and keeps it."""
    page = report(texts(), datetime.now(UTC).date().isoformat())
    (ROOT / "docs" / "readability.md").write_text(page, encoding="utf-8")
    print(page, end="")


if __name__ == "__main__":
    main()
