"""The one entry: a sheet in, what it comes to and what to do about it out."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from checks.contract import Severity, Status
from checks.score import Score
from portal.assessments.catalogue import Catalogue, Question
from portal.assessments.inspected import Found, Inspected
from portal.assessments.sheets.counting import counted_findings, domain_items, question_items
from portal.assessments.sheets.items import DOMAIN, Item, raised
from portal.assessments.sheets.known import contradictions, seen_answers
from portal.assessments.sheets.measures import Measure, done_lifts, measures
from portal.assessments.sheets.ordering import planned
from portal.assessments.sheets.plan import best_plan
from portal.assessments.sheets.result import Limits, Result, SeenAnswer, TopicScore
from portal.assessments.sheets.scoring import overall, plain
from portal.assessments.sheets.sheet import Sheet, require_known, shown

NO_LIMITS = Limits()


class Counted(Struct, frozen=True):
    """What a sheet is judged by, before any plan: `items` count what was ticked done as done."""

    questions: tuple[Question, ...]
    told: tuple[Found, ...]
    seen: Mapping[str, SeenAnswer]
    known: tuple[Measure, ...]
    items: tuple[Item, ...]


def counted(catalogue: Catalogue, sheet: Sheet, inspected: Sequence[Inspected] = ()) -> Counted:
    """The items of a sheet as `assess` counts them, without a score or a plan. Raises SheetError as it does."""
    require_known(catalogue, sheet)
    told = counted_findings(inspected)
    questions = shown(catalogue, sheet.profile)
    seen = seen_answers(questions, told)
    unaided = (*question_items(questions, sheet.answers, seen), *domain_items(told))
    known = measures(catalogue, unaided, told)
    return Counted(questions, told, seen, known, raised(unaided, done_lifts(known, sheet.done)))


def assess(
    catalogue: Catalogue, sheet: Sheet, inspected: Sequence[Inspected] = (), limits: Limits = NO_LIMITS
) -> Result:
    """The score of a sheet, what is not known, and the best plan within the limits. Pure and deterministic.

    `inspected`: the ended checks of the firm's domains, each domain once, with their findings as they were kept.
    The first call in a process takes about a second more where there is something to plan: it loads scipy.

    Raises:
        SheetError: `unknown-version`, `unknown-question` or `unknown-answer`.
        PlanError: the plan could not be solved; a fault of ours.
    """
    base = counted(catalogue, sheet, inspected)
    told, known, items = base.told, base.known, base.items
    plan, after = planned(items, best_plan(items, known, limits))
    score, then = overall(items), overall(after)
    return Result(
        score=score.score if score else None,
        planned=then.score if then else None,
        topics=_topics(catalogue, items, [each.domain for each in inspected]),
        items=items,
        critical_gaps=tuple(item.id for item in items if item.is_gap and item.topic != DOMAIN),
        possible_gaps=tuple(item.id for item in items if item.may_be_gap and not item.is_gap and item.topic != DOMAIN),
        critical_findings=_critical(told, items),
        plan=plan,
        is_mendable=bool(plan) or (limits != NO_LIMITS and bool(best_plan(items, known, NO_LIMITS))),
        find_out=tuple(item.id for item in items if not item.is_known and item.topic != DOMAIN),
        contradictions=contradictions(base.questions, sheet.answers, told),
        seen=base.seen,
        done=sheet.done & _tickable(catalogue, known),
    )


def score_of(catalogue: Catalogue, sheet: Sheet, inspected: Sequence[Inspected] = ()) -> Score | None:
    """The score alone, as `assess` tells it; None where nothing applies. Plans nothing, and raises as `assess` does."""
    require_known(catalogue, sheet)
    told = counted_findings(inspected)
    questions = shown(catalogue, sheet.profile)
    unaided = (*question_items(questions, sheet.answers, seen_answers(questions, told)), *domain_items(told))
    found = overall(raised(unaided, done_lifts(measures(catalogue, unaided, told), sheet.done)))
    return found.score if found else None


def _topics(catalogue: Catalogue, items: Sequence[Item], domains: Sequence[str]) -> tuple[TopicScore, ...]:
    names = [*((topic.id, "") for topic in catalogue.topics), *((DOMAIN, domain) for domain in domains)]
    found = {name: plain(item for item in items if (item.topic, item.domain) == name) for name in names}
    return tuple(TopicScore(name[0], tenths.score if tenths else None, name[1]) for name, tenths in found.items())


def _critical(findings: Sequence[Found], items: Sequence[Item]) -> tuple[Found, ...]:
    """The critical findings whose check is still an open gap, whatever else of it was ticked done."""
    gaps = {item.key for item in items if item.is_gap}
    return tuple(
        finding
        for finding in findings
        if (finding.id, finding.domain) in gaps
        and finding.status is Status.FAIL
        and finding.severity is Severity.CRITICAL
    )


def _tickable(catalogue: Catalogue, known: Sequence[Measure]) -> set[str]:
    return {*catalogue.fixes, *(name for measure in known for name in (measure.id, *measure.merged))}
