"""What the domain check says about the owner's answers, in words: what we saw, and where it contradicts them."""

from collections.abc import Mapping

from msgspec import Struct

from checks.contract import Finding
from portal.assessments.catalogue import Catalogue
from portal.assessments.sheets.known import seen_text
from portal.assessments.sheets.result import Result
from portal.assessments.sheets.storage import Given, KeptSheet
from portal.templating import ZONE


class Sighting(Struct, frozen=True):
    """What was seen that concerns one question, in one language.

    `answer`: the id of the answer that it settles; None where it only casts doubt. `given` is the owner's own answer
    where the two disagree, `given_text` that answer in words.
    """

    question: str
    text: str
    finding: Finding
    answer: str | None
    given: Given | None = None
    given_text: str = ""


def sightings(
    kept: KeptSheet, catalogue: Catalogue, result: Result, language: str
) -> Mapping[str, tuple[Sighting, ...]]:
    """By question id, contradictions first."""
    found: dict[str, list[Sighting]] = {}
    day = kept.assessment.started_at.astimezone(ZONE) if kept.assessment and kept.assessment.started_at else None
    for entry in result.contradictions:
        question = catalogue.question(entry.question)
        answer = question.answer(entry.answer) if question else None
        text = seen_text(entry.text, entry.finding, day, language)
        given_text = answer.text[language] if answer else ""
        sighting = Sighting(entry.question, text, entry.finding, None, kept.given.get(entry.question), given_text)
        found.setdefault(entry.question, []).append(sighting)
    for name, seen in result.seen.items():
        if name not in found:
            text = seen_text(seen.text, seen.finding, day, language)
            found[name] = [Sighting(name, text, seen.finding, seen.answer)]
    return {name: tuple(entries) for name, entries in found.items()}
