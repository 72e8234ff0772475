"""The first page: a letter to the owner that is read in a minute."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from checks import advice
from checks.contract import Severity
from checks.names import display_name
from checks.score import Score
from portal.assessments.outline import Outline, Sign
from portal.assessments.outline import item as told_item
from portal.assessments.report.cards import Card
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.items import DOMAIN, FULL
from portal.assessments.wording import Wording

FIRST = 3
GOOD = 4


class Bar(Struct, frozen=True):
    """One score as a bar. `domain`: whose, where there are several; `unknown`: how many things could not be told."""

    domain: str
    score: Score
    unknown: int


class Good(Struct, frozen=True):
    """One thing that is in order: what a check saw, or the owner's answer to a question."""

    text: str
    question: str = ""


class Front(Struct, frozen=True):
    """`domains`: what was checked. `planned`: the score once the whole plan is done; None where there is no sheet.

    `gaps`: what the critical gaps mean that are surely open. `possible`: how many more may be. `find_out`: how many
    questions nobody could answer. `more_good`: how many further things are in order. `urgent`: whether anything in
    `first` is. `alone`: whether there is a domain's check, but no answers.
    """

    domains: tuple[str, ...]
    alone: bool
    verdict: str
    cares: str
    bars: tuple[Bar, ...]
    planned: Score | None
    gaps: tuple[str, ...]
    possible: int
    find_out: int
    first: tuple[Card, ...]
    urgent: bool
    rest: int
    good: tuple[Good, ...]
    more_good: int


def front(report: ReportInput, outlines: tuple[Outline, ...], cards: Sequence[Card]) -> Front:
    """The first page of that report, whose domains are outlined and whose fixes are on those cards."""
    firm, words = report.firm, Wording(report.language, for_others=report.for_others)
    good = (*_good_answers(firm, report.language), *_good_findings(report, outlines))
    chosen = _one_of_each_kind(good)
    result = firm.result if firm else None
    first = tuple(cards[:FIRST])
    return Front(
        domains=tuple(each.domain for each in report.inspected),
        alone=firm is None,
        verdict=words.firm_verdict(firm.result) if firm else words.verdict(*outlines),
        cares=words.cares(*outlines) if firm is None and cards else "",
        bars=_bars(firm, report, outlines),
        planned=result.planned if result and result.plan else None,
        gaps=_gaps(report, firm) if firm else (),
        possible=result.may_be_open if result else 0,
        find_out=len(result.find_out) if result else 0,
        first=first,
        urgent=any(card.sign is Sign.FIX_NOW for card in first),
        rest=len(cards) - len(first),
        good=chosen,
        more_good=len(good) - len(chosen),
    )


def _bars(firm: Firm | None, report: ReportInput, outlines: Sequence[Outline]) -> tuple[Bar, ...]:
    if firm is not None:
        unsure = sum(1 for entry in firm.result.items if entry.low < entry.high)
        return (Bar("", firm.result.score, unsure),) if firm.result.score else ()
    several = len(outlines) > 1
    return tuple(
        Bar(each.domain if several else "", outline.score, len(outline.unknown))
        for each, outline in zip(report.inspected, outlines, strict=True)
    )


def _gaps(report: ReportInput, firm: Firm) -> tuple[str, ...]:
    """What the open gaps of the answers mean, then those that the checks found."""
    asked = [question for question in map(firm.catalogue.question, firm.result.critical_gaps) if question is not None]
    answers = [(question.gap or question.text)[report.language] for question in asked]
    found = []
    several = len(report.inspected) > 1
    for finding in firm.result.critical_findings:
        headline = told_item(finding, finding.domain, report.language).told.headline
        found.append(f"{display_name(finding.domain)}: {headline}" if several else headline)
    return tuple(dict.fromkeys([*answers, *found]))


def _good_answers(firm: Firm | None, language: str) -> Iterable[Good]:
    """What the owner does as well as can be, and no check doubts; the weightiest first."""
    if firm is None:
        return
    doubted = {each.question for each in firm.result.contradictions}
    best = [item for item in firm.result.items if item.topic != DOMAIN and item.low == FULL and item.id not in doubted]
    for item in sorted(best, key=lambda item: -item.weight):
        question = firm.catalogue.question(item.id)
        given = firm.sheet.answers.get(item.id, "")
        answer = question.answer(given) if question else None
        if question is not None and answer is not None and answer.value == 1:
            yield Good(answer.text[language], question.text[language])


def _good_findings(report: ReportInput, outlines: tuple[Outline, ...]) -> list[Good]:
    """What is in order, what would have been gravest first; each sentence once.

    It says with which domains it is where it is not with all of them.
    """
    gravity = list(Severity)
    checked = zip(report.inspected, outlines, strict=True)
    fine = [(item, each.domain) for each, outline in checked for item in outline.fine]
    fine.sort(key=lambda entry: gravity.index(advice.heaviest(entry[0].finding.id)))
    where: dict[tuple[str, str], dict[str, None]] = {}
    for item, domain in fine:
        where.setdefault((item.finding.id, item.told.headline), {})[domain] = None
    return [
        Good(text if len(domains) == len(outlines) else f"{', '.join(map(display_name, domains))}: {text}")
        for (_, text), domains in where.items()
    ]


def _one_of_each_kind(good: Sequence[Good]) -> tuple[Good, ...]:
    """A few: half of them answers and half of them findings, where there are enough of both."""
    answers = [each for each in good if each.question]
    findings = [each for each in good if not each.question]
    half = max(GOOD // 2, GOOD - len(findings))
    chosen = answers[:half]
    return (*chosen, *findings[: GOOD - len(chosen)])
