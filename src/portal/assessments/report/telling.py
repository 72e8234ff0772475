"""Everything that a report says, in its language: what the page and the PDF are filled with."""

from typing import Any

from msgspec import Struct

from checks.names import display_name
from portal.assessments.help import Entry, help_for
from portal.assessments.outline import Outline, outline
from portal.assessments.report import annex
from portal.assessments.report.cards import Card, cards_of_findings, cards_of_plan
from portal.assessments.report.clipping import clipped
from portal.assessments.report.dates import Dated, report_dates
from portal.assessments.report.frameworks import Framework, frameworks
from portal.assessments.report.front import Front, front
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.report.letters import Letter, Other, letters, others
from portal.assessments.report.ticks import ticks
from portal.assessments.sheets.telling_proofs import ToldTick


class Told(Struct, frozen=True):
    """The parts of a report in their order; `frameworks`, `chapters` and the like are empty where there is no sheet.

    `left`: for a sheet, what the checks found and the plan leaves open, because of the firm's money and time.
    `ticks`: what the owner ticked done.
    """

    front: Front
    cards: tuple[Card, ...]
    left: tuple[str, ...]
    ticks: tuple[ToldTick, ...]
    letters: tuple[Letter, ...]
    others: tuple[Other, ...]
    dates: tuple[Dated, ...]
    help: tuple[Entry, ...]
    looked: tuple[annex.Looked, ...]
    chapters: tuple[annex.Chapter, ...]
    not_asked: tuple[str, ...]
    counted: tuple[annex.Share, ...]
    frameworks: tuple[Framework, ...]


def tell(report: ReportInput) -> Told:
    """The whole report in words. Pure; takes some hundredths of a second."""
    report = clipped(report)
    outlines = tuple(outline(each.findings, each.domain, report.language) for each in report.inspected)
    firm = report.firm
    cards = cards_of_plan(report, firm) if firm else cards_of_findings(report, outlines)
    profile = firm.sheet.profile if firm else {}
    return Told(
        front=front(report, outlines, cards),
        cards=cards,
        left=_left(report, outlines, firm) if firm else (),
        ticks=ticks(report, firm) if firm else (),
        letters=letters(cards),
        others=others(cards),
        dates=report_dates(report),
        help=help_for(profile, report.made_at.date()) if firm else (),
        looked=annex.looked(report, outlines),
        chapters=annex.chapters(report, firm) if firm else (),
        not_asked=annex.not_asked(report, firm) if firm else (),
        counted=annex.counted_checks(report, firm) if firm else (),
        frameworks=frameworks(firm) if firm else (),
    )


def context(report: ReportInput, *, paper: bool) -> dict[str, Any]:
    """What `templates/report/parts.html` and those that it includes are filled with."""
    shown = clipped(report)
    return {"report": shown, "told": tell(shown), "firm": shown.firm, "paper": paper}


def _left(report: ReportInput, outlines: tuple[Outline, ...], firm: Firm) -> tuple[str, ...]:
    planned = {(each.domain, each.id, each.subject) for entry in firm.result.plan for each in entry.findings}
    found: dict[str, list[str]] = {}
    for each, outlined in zip(report.inspected, outlines, strict=True):
        for item in (item for step in outlined.steps for item in step.items):
            if (each.domain, item.finding.id, item.finding.subject) not in planned:
                found.setdefault(item.told.headline, []).append(display_name(each.domain))
    several = len(outlines) > 1
    return tuple(f"{', '.join(dict.fromkeys(of))}: {text}" if several else text for text, of in found.items())
