"""What the domain check already knows: which answers it settles, and which it doubts. The owner's own answer stands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from checks.contract import Status
from checks.languages import local_date
from checks.names import display_name
from portal.assessments.catalogue import Kind, Question, Seen, Words
from portal.assessments.inspected import Found
from portal.assessments.sheets.items import FULL, hundredths
from portal.assessments.sheets.result import Contradiction, SeenAnswer

_SPEAKS_AGAINST = {Status.FAIL, Status.UNKNOWN}


def seen_answers(questions: Iterable[Question], findings: Sequence[Found]) -> dict[str, SeenAnswer]:
    """What findings settle, by question id. Where they settle a question in more than one way, the worst counts."""
    found = {question.id: _settled(question, findings) for question in questions}
    return {name: seen for name, seen in found.items() if seen is not None}


def contradictions(
    questions: Iterable[Question], answers: Mapping[str, str], findings: Sequence[Found]
) -> tuple[Contradiction, ...]:
    """Where an answer is doubted by what was seen: once for each question, check and domain, in their order."""
    found: dict[tuple[str, str, str], Contradiction] = {}
    for question in questions:
        answer = answers.get(question.id)
        for entry in question.seen:
            if answer in entry.doubts:
                for finding in _matching(entry, findings):
                    one = Contradiction(question.id, answer, finding, entry.text)
                    found.setdefault((question.id, finding.id, finding.domain), one)
    return tuple(found.values())


def seen_text(text: Words, finding: Found, day: date | None, language: str) -> str:
    """What was seen, in one language; `day` is that of the check."""
    told = text[language].replace("{subject}", display_name(finding.subject))
    return told.replace("{date}", local_date(day, language) if day else "–")


def _settled(question: Question, findings: Sequence[Found]) -> SeenAnswer | None:
    worst: tuple[int, SeenAnswer] | None = None
    for entry in question.seen:
        answer = question.answer(entry.answer) if entry.answer else None
        matching = _matching(entry, findings)
        if answer is None or answer.kind is Kind.UNKNOWN or not matching:
            continue
        value = FULL + 1 if answer.value is None else hundredths(answer.value)
        if (value == 0 or _is_unanimous(entry, findings)) and (worst is None or value < worst[0]):
            worst = (value, SeenAnswer(answer.id, matching[0], entry.text))
    return worst[1] if worst else None


def _matching(entry: Seen, findings: Sequence[Found]) -> list[Found]:
    return [finding for finding in findings if finding.id == entry.check and finding.outcome in entry.outcomes]


def _is_unanimous(entry: Seen, findings: Sequence[Found]) -> bool:
    """One open door settles the worst answer; anything better only if the check saw nothing else wrong or unclear."""
    return all(
        finding.outcome in entry.outcomes
        for finding in findings
        if finding.id == entry.check and finding.status in _SPEAKS_AGAINST
    )
