"""Findings, plan, answers and dates as tables, in words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from checks.contract import Fix, Json
from checks.dates import dates
from checks.names import display_name
from portal.assessments.outline import TOPICS, Outline, outline
from portal.assessments.report.annex import Answered, Looked, Source, chapters, looked
from portal.assessments.report.cards import Card, cards_of_findings, cards_of_plan
from portal.assessments.report.dates import report_dates
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.report.ticks import ticks
from portal.assessments.sheets.proofs import Sight
from portal.assessments.wording import Wording
from portal.exports.grid import Cell, Column, Grid
from portal.exports.naming import Naming
from portal.i18n import translator
from portal.templating import ZONE

_NARROW, _SHORT, _WIDE, _WIDEST = 9, 14, 30, 60
_WIDTHS = {
    **dict.fromkeys(("number", "minutes", "from", "to", "gain"), _NARROW),
    **dict.fromkeys(("status", "topic", "ends", "seen", "day", "done", "technical", "source"), _SHORT),
    **dict.fromkeys(("steps", "paste", "evidence", "why", "question"), _WIDEST),
}
_FINDINGS = (
    "domain", "status", "topic", "check", "subject", "means", "why", "do", "steps", "paste", "who", "minutes",
    "from", "to", "verify", "ends", "technical", "evidence", "seen",
)  # fmt: skip
_PLAN = (
    "number", "do", "domain", "why", "steps", "paste", "caution", "who", "minutes", "from", "to", "gain", "closes",
    "after", "verify", "later", "done",
)  # fmt: skip
_ANSWERS = ("topic", "question", "answer", "source", "seen", "doubts")
_DATES = ("day", "what", "advice")


def grids(report: ReportInput) -> tuple[Grid, ...]:
    """All of them: first what to do."""
    outlines = tuple(outline(each.findings, each.domain, report.language) for each in report.inspected)
    tell = translator(report.language).gettext
    made = [_grid("plan", tell("What to do"), _PLAN, _plan(report, outlines), report)]
    if report.inspected:
        made.append(_grid("findings", tell("Findings"), _FINDINGS, _findings(report, outlines), report))
    if report.firm is not None:
        made.append(_grid("answers", tell("Answers"), _ANSWERS, _answers(report, report.firm), report))
    made.append(_grid("dates", tell("Dates"), _DATES, _dates(report), report))
    return tuple(made)


def _grid(name: str, title: str, keys: Iterable[str], rows: Iterable[Mapping[str, Cell]], report: ReportInput) -> Grid:
    titles = Naming(report.language).titles()
    columns = tuple(Column(key, titles[key], _WIDTHS.get(key, _WIDE)) for key in keys)
    return Grid(name, title, columns, tuple(rows))


def _plan(report: ReportInput, outlines: tuple[Outline, ...]) -> Iterator[Mapping[str, Cell]]:
    firm = report.firm
    cards = cards_of_plan(report, firm) if firm else cards_of_findings(report, outlines)
    only = display_name(report.inspected[0].domain) if len(report.inspected) == 1 else ""
    say = Wording(report.language)
    for number, card in enumerate(cards, start=1):
        told = _card(card, say, Naming(report.language), has_score=firm is not None)
        yield {"number": number, "domain": only if card.step else "", **told}
    if firm is not None:
        yield from _done(report, firm)


def _card(card: Card, say: Wording, naming: Naming, *, has_score: bool) -> dict[str, Cell]:
    told: dict[str, Cell] = {
        "do": card.title,
        "why": "\n".join((*card.saw, card.why)),
        "steps": _numbered(card.steps),
        "paste": _changes(card.step.changes if card.step else (), naming),
        "caution": card.caution or "",
        "who": say.doer(card.who),
        "minutes": card.minutes,
        "from": card.cost_eur[0],
        "to": card.cost_eur[1],
        "gain": card.gain if has_score else None,
        "closes": "\n".join(card.closes),
        "after": "\n".join(card.after),
        "verify": card.verify,
        "later": card.later or "",
    }
    return told | ({"domain": ", ".join(map(display_name, card.domains))} if card.domains else {})


def _done(report: ReportInput, firm: Firm) -> Iterator[Mapping[str, Cell]]:
    """What the owner ticked, after what is left, and what checks say of it; what is not done after all stands there."""
    for tick in ticks(report, firm):
        domains = ", ".join(display_name(look.domain) for look in tick.proof.looks)
        done = {} if tick.sight is Sight.DISPROVED else {"done": _day(tick.at)}
        yield {"do": tick.title, "domain": domains, "verify": "\n".join(tick.lines), **done}


def _findings(report: ReportInput, outlines: tuple[Outline, ...]) -> Iterator[Mapping[str, Cell]]:
    say, naming = Wording(report.language), Naming(report.language)
    for each in looked(report, outlines):
        yield from _of_one(each, say, naming)


def _of_one(each: Looked, say: Wording, naming: Naming) -> Iterator[Mapping[str, Cell]]:
    ends = {(due.id, due.subject): _day(due.expires) for due in dates(each.inspected.findings)}
    for item in each.everything:
        finding, fix = item.finding, item.told.fix
        effort: dict[str, Cell] = {}
        if fix is not None:
            effort = {"minutes": fix.minutes, "from": fix.cost_eur[0], "to": fix.cost_eur[1]}
        yield {
            "domain": display_name(each.inspected.domain),
            "status": say.label(item),
            "topic": say.topic(finding.topic) if finding.topic in TOPICS else finding.topic,
            "check": item.told.name,
            "subject": display_name(finding.subject),
            "means": item.told.headline,
            "why": item.told.detail,
            "do": fix.title if fix else "",
            "steps": _numbered(fix.steps) if fix else "",
            "paste": _changes([finding.fix] if finding.fix else [], naming),
            "who": say.doer(fix.who) if fix else "",
            **effort,
            "verify": fix.verify if fix else "",
            "ends": ends.get((finding.id, finding.subject)),
            "technical": item.told.technical,
            "evidence": _evidence(finding.evidence),
            "seen": _day(each.inspected.started_at),
        }


def _answers(report: ReportInput, firm: Firm) -> Iterator[Mapping[str, Cell]]:
    tell = translator(report.language).gettext
    sources = {Source.OWNER: tell("You"), Source.CHECK: tell("Our check"), Source.NOBODY: tell("Nobody yet")}
    for chapter in chapters(report, firm):
        for answered in chapter.answers:
            yield {"topic": chapter.title, **_answered(answered), "source": sources[answered.source]}


def _answered(answered: Answered) -> dict[str, Cell]:
    return {
        "question": answered.question,
        "answer": answered.answer,
        "seen": _day(answered.when) if answered.when else None,
        "doubts": "\n".join(answered.doubts),
    }


def _dates(report: ReportInput) -> Iterator[Mapping[str, Cell]]:
    naming = Naming(report.language)
    for dated in report_dates(report):
        what = naming.date(dated.kind, display_name(dated.subject))
        yield {"day": _day(dated.when), "what": what, "advice": naming.advice(dated.kind)}


def _day(when: datetime) -> date:
    return when.astimezone(ZONE).date()


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _changes(fixes: Iterable[Fix], naming: Naming) -> str:
    """What there is to paste, each record and piece of configuration with what to do with it."""
    found = []
    for fix in fixes:
        found += [naming.record(record) for record in fix.records]
        found += [f"{snippet.platform} ({snippet.place}):\n{snippet.text}" for snippet in fix.snippets]
    return "\n\n".join(found)


def _evidence(facts: Mapping[str, Json]) -> str:
    return "\n".join(f"{name}: {_fact(value)}" for name, value in facts.items())


def _fact(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
