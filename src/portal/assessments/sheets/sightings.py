"""What the domain check says about the owner's answers, in words: what we saw, and where it contradicts them."""

from collections.abc import Mapping

from msgspec import Struct

from checks.contract import Finding
from portal.assessments.catalogue import Catalogue, Words
from portal.assessments.sheets.known import seen_text
from portal.assessments.sheets.result import Result
from portal.assessments.sheets.storage import Given, KeptSheet
from portal.templating import ZONE


class Sighting(Struct, frozen=True):
    """What was seen that concerns one question, in one language.

    `token`: the address of the check that saw it. `answer`: the id of the answer that it settles; None where it only
    casts doubt. `given` is the owner's own answer where the two disagree, `given_text` that answer in words.
    """

    question: str
    text: str
    finding: Finding
    token: str
    answer: str | None
    given: Given | None = None
    given_text: str = ""


def sightings(
    kept: KeptSheet, catalogue: Catalogue, result: Result, language: str
) -> Mapping[str, tuple[Sighting, ...]]:
    """By question id, contradictions first."""
    found: dict[str, list[Sighting]] = {}
    for entry in result.contradictions:
        question = catalogue.question(entry.question)
        answer = question.answer(entry.answer) if question else None
        given_text = answer.text[language] if answer else ""
        seen = _seen(kept, entry.finding, entry.text, language)
        found.setdefault(entry.question, []).append(
            Sighting(entry.question, *seen, None, kept.given.get(entry.question), given_text)
        )
    for name, settled in result.seen.items():
        if name not in found:
            found[name] = [Sighting(name, *_seen(kept, settled.finding, settled.text, language), settled.answer)]
    return {name: tuple(entries) for name, entries in found.items()}


def _seen(kept: KeptSheet, finding: Finding, words: Words, language: str) -> tuple[str, Finding, str]:
    """The words with the day of the check that saw it, the finding, and that check's token."""
    place = (finding.id, finding.subject)
    check = next(
        each.ended for each in kept.domains if each.ended and place in {(one.id, one.subject) for one in each.findings}
    )
    day = check.started_at.astimezone(ZONE) if check.started_at else None
    return seen_text(words, finding, day, language), finding, check.token
