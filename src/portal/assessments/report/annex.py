"""The technical annex: everything that was seen and answered, where it comes from, and what was not looked at."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks import advice
from checks.contract import Status
from checks.limits import tell_limit
from portal.assessments.catalogue import DONT_KNOW, Question
from portal.assessments.inspected import Found, Inspected
from portal.assessments.outline import Item, Outline, Sign
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.items import DOMAIN
from portal.assessments.sheets.known import seen_text
from portal.assessments.sheets.sheet import shown
from portal.templating import ZONE


class Source(StrEnum):
    """Where an answer comes from."""

    OWNER = "owner"
    CHECK = "check"
    NOBODY = "nobody"


class Answered(Struct, frozen=True):
    """One question as it was counted; `low` and `high` in per cent, None where it does not apply.

    `answer`: empty where there is none. `when`: the owner's answer, or the check; None where nobody knows. `doubts`:
    what a check saw that does not fit the owner's answer.
    """

    question: str
    answer: str
    source: Source
    when: datetime | None
    domain: str
    weight: int
    low: int | None
    high: int | None
    doubts: tuple[str, ...]


class Chapter(Struct, frozen=True):
    """The answers of one topic."""

    title: str
    answers: tuple[Answered, ...]


class Looked(Struct, frozen=True):
    """One domain's check, with all its findings: what is wrong first, then what we could not tell, then the rest."""

    inspected: Inspected
    outline: Outline
    everything: tuple[Item, ...]
    limits: tuple[str, ...]

    @property
    def groups(self) -> tuple[tuple[Item, ...], ...]:
        """All findings, those with the same sign and word together."""
        made: dict[tuple[Sign, bool], list[Item]] = {}
        for item in self.everything:
            made.setdefault((item.sign, item.finding.status is Status.INFO), []).append(item)
        return tuple(map(tuple, made.values()))

    @property
    def unseen(self) -> tuple[tuple[Item, ...], ...]:
        """What we could not tell, those together that have the same reason."""
        made: dict[tuple[str, str], list[Item]] = {}
        for item in self.outline.unknown:
            made.setdefault((item.told.headline, item.told.detail), []).append(item)
        return tuple(map(tuple, made.values()))


class Counted(Struct, frozen=True):
    """One check of one domain, as a part of the score."""

    name: str
    domain: str
    weight: int


class Share(Struct, frozen=True):
    """The checks that give the score as much of their weight: from `low` to `high` per cent."""

    low: int
    high: int
    checks: tuple[Counted, ...]


def looked(report: ReportInput, outlines: tuple[Outline, ...]) -> tuple[Looked, ...]:
    """Every domain's check."""
    return tuple(
        Looked(each, outline, _everything(outline), tuple(tell_limit(one, report.language) for one in each.limits))
        for each, outline in zip(report.inspected, outlines, strict=True)
    )


def chapters(report: ReportInput, firm: Firm) -> tuple[Chapter, ...]:
    """Every question that the firm is asked, topic by topic."""
    asked = shown(firm.catalogue, firm.sheet.profile)
    made = []
    for topic in firm.catalogue.topics:
        own = tuple(_answered(report, firm, question) for question in asked if question.topic == topic.id)
        if own:
            made.append(Chapter(topic.title[report.language], own))
    return tuple(made)


def not_asked(report: ReportInput, firm: Firm) -> tuple[str, ...]:
    """The questions that do not concern a firm of this profile."""
    asked = {question.id for question in shown(firm.catalogue, firm.sheet.profile)}
    return tuple(each.text[report.language] for each in firm.catalogue.questions if each.id not in asked)


def counted_checks(report: ReportInput, firm: Firm) -> tuple[Share, ...]:
    """What the domains' checks count in the score, least first; what the questions count stands with the answers."""
    made: dict[tuple[int, int], list[Counted]] = {}
    for item in firm.result.items:
        if item.topic == DOMAIN:
            counted = Counted(advice.card(item.id).name[report.language], item.domain, item.weight)
            made.setdefault((item.low, item.high), []).append(counted)
    return tuple(Share(*share, tuple(checks)) for share, checks in sorted(made.items()))


def _answered(report: ReportInput, firm: Firm, question: Question) -> Answered:
    given, seen = firm.sheet.answers.get(question.id), firm.result.seen.get(question.id)
    by_check = seen is not None and given in (None, DONT_KNOW)
    inspected = _whose(report, seen.finding) if seen is not None and by_check else None
    chosen = seen.answer if seen is not None and by_check else given
    answer = question.answer(chosen) if chosen else None
    item = next((each for each in firm.result.items if each.id == question.id), None)
    return Answered(
        question=question.text[report.language],
        answer=answer.text[report.language] if answer else "",
        source=Source.CHECK if by_check else Source.OWNER if given else Source.NOBODY,
        when=inspected.started_at if inspected else firm.given.get(question.id),
        domain=inspected.domain if inspected else "",
        weight=question.weight,
        low=item.low if item else None,
        high=item.high if item else None,
        doubts=tuple(_doubts(report, firm, question)),
    )


def _doubts(report: ReportInput, firm: Firm, question: Question) -> list[str]:
    found = []
    for each in firm.result.contradictions:
        if each.question == question.id:
            inspected = _whose(report, each.finding)
            day = inspected.started_at.astimezone(ZONE) if inspected else None
            found.append(seen_text(each.text, each.finding, day, report.language))
    return found


def _whose(report: ReportInput, finding: Found) -> Inspected | None:
    return next((each for each in report.inspected if each.domain == finding.domain), None)


def _everything(outline: Outline) -> tuple[Item, ...]:
    wrong = [item for step in outline.steps for item in step.items]
    rest = (outline.unknown, outline.fine, outline.info, outline.aside, outline.not_asked, outline.not_stated)
    return (*wrong, *(item for part in rest for item in part))
