"""What is counted for one firm: an item for each question that concerns it, and for each judged domain check."""

from collections.abc import Iterable, Mapping, Sequence

from checks import advice
from checks.contract import EARLIER_VERSION, Finding, Severity, Status
from checks.score import WEIGHTS
from portal.assessments.catalogue import DONT_KNOW, Answer, Kind, Question
from portal.assessments.earlier import is_known
from portal.assessments.sheets.items import DOMAIN, FULL, Item, Part, hundredths
from portal.assessments.sheets.result import SeenAnswer

_JUDGED = {Status.PASS, Status.FAIL, Status.UNKNOWN}
_NOTHING_KNOWN = Part(0, FULL)


def counted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of today's checks, in one order whatever order they came in.

    An outcome or a fix of an earlier version of the checks, gone since, counts as unknown.
    """
    today = (finding if _is_of_today(finding) else _of_earlier(finding) for finding in findings if is_known(finding))
    return tuple(sorted(today, key=lambda finding: (finding.id, finding.subject)))


def question_items(
    questions: Iterable[Question], answers: Mapping[str, str], seen: Mapping[str, SeenAnswer]
) -> tuple[Item, ...]:
    """An item of one part for each question, without those that do not apply."""
    made = []
    for question in questions:
        answer = _counting_answer(question, answers, seen)
        if answer is None or answer.kind is not Kind.NOT_APPLICABLE:
            made.append(Item(question.id, question.topic, question.weight, (_part(answer),), question.critical))
    return tuple(made)


def domain_items(findings: Sequence[Finding]) -> tuple[Item, ...]:
    """An item for each judged check, with a part for each of its judged findings, in their order.

    A check whose gravest fault is critical is critical: a finding of that severity is worth 0, any other one half or
    more.
    """
    made = []
    for check in dict.fromkeys(finding.id for finding in findings):
        heaviest = advice.card(check).heaviest
        weight, own = WEIGHTS[heaviest], judged(findings, check)
        if weight and own:
            parts = tuple(_judged_part(finding, weight) for finding in own)
            made.append(Item(check, DOMAIN, weight, parts, heaviest is Severity.CRITICAL))
    return tuple(made)


def judged(findings: Iterable[Finding], check: str) -> list[Finding]:
    """The findings of a check that count in its score; the order of the parts of its item."""
    return [finding for finding in findings if finding.id == check and finding.status in _JUDGED]


def _is_of_today(finding: Finding) -> bool:
    card = advice.card(finding.id)
    has_outcome = finding.outcome in card.outcomes or finding.outcome in advice.common()
    return has_outcome and (finding.fix is None or finding.fix.id in card.fixes)


def _of_earlier(finding: Finding) -> Finding:
    return Finding(finding.id, EARLIER_VERSION.status, Severity.INFO, finding.subject, EARLIER_VERSION.name, {})


def _counting_answer(question: Question, answers: Mapping[str, str], seen: Mapping[str, SeenAnswer]) -> Answer | None:
    """The owner's answer; where they gave none or did not know, what was seen."""
    given = answers.get(question.id, DONT_KNOW)
    if given == DONT_KNOW and question.id in seen:
        given = seen[question.id].answer
    return question.answer(given)


def _part(answer: Answer | None) -> Part:
    if answer is None or answer.value is None:
        return _NOTHING_KNOWN
    value = hundredths(answer.value)
    return Part(value, value)


def _judged_part(finding: Finding, full_weight: int) -> Part:
    if finding.status is Status.UNKNOWN:
        return _NOTHING_KNOWN
    lost = WEIGHTS[finding.severity] if finding.status is Status.FAIL else 0
    value = FULL - FULL * min(lost, full_weight) // full_weight
    return Part(value, value)
