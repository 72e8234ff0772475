"""What the domain check says about the owner's answers, in words: what we saw, and where it contradicts them."""

from collections.abc import Mapping

from msgspec import Struct

from portal.assessments.catalogue import Catalogue, Words
from portal.assessments.inspected import Found
from portal.assessments.sheets.known import seen_text
from portal.assessments.sheets.result import Result
from portal.assessments.sheets.storage import Given, KeptSheet
from portal.templating import ZONE


class Sighting(Struct, frozen=True):
    """What was seen that concerns one question, in one language.

    `token`: the address of the check that saw it. `domain`: whose check it is; empty where the firm has no other domain
    or the words name it. `answer`: the id of the answer that it settles; None where it only
    casts doubt. `given` is the owner's own answer where the two disagree, `given_text` that answer in words.
    """

    question: str
    text: str
    finding: Found
    token: str
    domain: str
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


def _seen(kept: KeptSheet, finding: Found, words: Words, language: str) -> tuple[str, Found, str, str]:
    """The words with the day of the check that saw it, the finding, that check's token, and its domain."""
    check = next(each.ended for each in kept.domains if each.ended and each.domain == finding.domain)
    day = check.started_at.astimezone(ZONE) if check.started_at else None
    is_clear = len(kept.inspected) == 1 or finding.subject == finding.domain
    return seen_text(words, finding, day, language), finding, check.token, "" if is_clear else finding.domain
