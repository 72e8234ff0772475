"""What is counted for one firm: an item for each question that concerns it, and for each judged domain check."""

from collections.abc import Iterable, Mapping, Sequence

from checks import advice
from checks.contract import EARLIER_VERSION, Severity, Status
from checks.priority import any_urgent
from checks.score import WEIGHTS
from portal.assessments.catalogue import DONT_KNOW, Answer, Kind, Question
from portal.assessments.earlier import is_known
from portal.assessments.inspected import Found, Inspected, found_in
from portal.assessments.sheets.items import DOMAIN, FULL, Item, Key, Part, hundredths
from portal.assessments.sheets.result import SeenAnswer

_JUDGED = {Status.PASS, Status.FAIL, Status.UNKNOWN}
_NOTHING_KNOWN = Part(0, FULL)


def counted_findings(inspected: Iterable[Inspected]) -> tuple[Found, ...]:
    """Those of today's checks, in one order whatever order they came in; domain by domain within a check.

    An outcome or a fix of an earlier version of the checks, gone since, counts as unknown.
    """
    checks = tuple(inspected)
    places = {each.domain: place for place, each in enumerate(checks)}
    known = (finding for finding in found_in(checks) if is_known(finding))
    today = (finding if _is_of_today(finding) else _of_earlier(finding) for finding in known)
    return tuple(sorted(today, key=lambda finding: (finding.id, places[finding.domain], finding.subject)))


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


def domain_items(findings: Sequence[Found]) -> tuple[Item, ...]:
    """An item for each judged check of each domain, with a part for each of its judged findings, in their order.

    A check whose gravest fault is critical is critical: a finding of that severity is worth 0, any other one half or
    more.
    """
    made = []
    for check, domain in dict.fromkeys((finding.id, finding.domain) for finding in findings):
        heaviest = advice.heaviest(check)
        weight, own = WEIGHTS[heaviest], judged(findings, (check, domain))
        if weight and own:
            parts = tuple(_judged_part(finding, weight) for finding in own)
            made.append(Item(check, DOMAIN, weight, parts, heaviest is Severity.CRITICAL, domain))
    return tuple(made)


def judged(findings: Iterable[Found], item: Key) -> list[Found]:
    """The findings of a domain's check that count in its score; the order of the parts of its item."""
    return [finding for finding in findings if (finding.id, finding.domain) == item and finding.status in _JUDGED]


def _is_of_today(finding: Found) -> bool:
    card = advice.card(finding.id)
    has_outcome = finding.outcome in card.outcomes or finding.outcome in advice.common()
    return has_outcome and (finding.fix is None or finding.fix.id in card.fixes)


def _of_earlier(finding: Found) -> Found:
    name, status = EARLIER_VERSION.name, EARLIER_VERSION.status
    return Found(finding.id, status, Severity.INFO, finding.subject, name, {}, domain=finding.domain)


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


def _judged_part(finding: Found, full_weight: int) -> Part:
    if finding.status is Status.UNKNOWN:
        return _NOTHING_KNOWN
    lost = WEIGHTS[finding.severity] if finding.status is Status.FAIL else 0
    value = FULL - FULL * min(lost, full_weight) // full_weight
    return Part(value, value, urgent=any_urgent((finding,)))
