"""`kyberkunto score ANSWERS.json`: what an answer sheet comes to, and the best plan within a budget."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from checks.contract import Json
from checks.languages import LANGUAGES
from portal.assessments.catalogue import Catalogue, current
from portal.assessments.inspected import Inspected
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Limits, Result
from portal.assessments.sheets.sheet import Sheet
from portal.commands.check_input import language_of
from portal.commands.paper import write_pdf
from portal.commands.score_input import read_all_inspected, read_sheet, unusable_sheet, whole_euro, whole_minutes
from portal.commands.usage import UsageError, report
from portal.errors import SheetError

if TYPE_CHECKING:
    from checks.score import Score


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sheet, what the domain check found, and what there is to spend."""
    parser.add_argument("answers", metavar="ANSWERS.json", help="the answer sheet; - for standard input")
    help_of_check = "what kyberkunto check --json printed; again for each further domain of the firm"
    parser.add_argument("--check", metavar="CHECK.json", action="append", default=[], help=help_of_check)
    parser.add_argument("--budget-eur", metavar="N", type=whole_euro, help="plan for at most so many euro")
    parser.add_argument("--hours", metavar="N", type=whole_minutes, help="plan for at most so many hours of work")
    parser.add_argument("--pdf", metavar="FILE", help="write the report as a PDF too")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")
    parser.add_argument("--lang", choices=LANGUAGES, help="language (default: as the environment has it, else en)")


def run(args: argparse.Namespace) -> int:
    """Returns 0 where the sheet could be assessed, and 1 where our own program failed.

    Raises:
        UsageError: `file-not-readable`, `not-an-answer-sheet`, `not-a-check`, `unknown-version`, `unknown-question`,
            `unknown-answer`, `pdf-not-writable`, `pdf-not-available`, or `usage` where two of the files are standard
            input, or two checks are of the same domain.
    """
    try:
        told = _tell(args, args.lang or language_of(os.environ))
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - nobody who assesses a sheet should ever meet a traceback
        report("our-error", f"our own program failed ({type(error).__name__}: {error})", as_json=args.json)
        return 1
    sys.stdout.write(told)
    return 0


def _tell(args: argparse.Namespace, language: str) -> str:
    """What is printed, in whichever form was asked for."""
    if [args.answers, *args.check].count("-") > 1:
        raise UsageError("usage", "only one of the files can be standard input")
    catalogue, sheet = current(), read_sheet(args.answers, language)
    inspected = read_all_inspected(args.check, language)
    limits = Limits(args.budget_eur, args.hours)
    result = _assess(catalogue, sheet, inspected, limits, language)
    if args.pdf is not None:
        firm = Firm(catalogue, sheet, result, limits)
        write_pdf(Path(args.pdf), ReportInput(language, datetime.now(UTC), inspected, firm))
    if args.json:
        return f"{json.dumps(_document(catalogue, result, language), indent=2)}\n"  # ASCII fits every terminal
    from portal.commands.score_text import ScoreTeller  # noqa: PLC0415 - start-up: only where words are wanted

    teller = ScoreTeller(catalogue, sheet, inspected, language)
    return "".join(f"{line}\n" for line in teller.lines(result))


def _assess(
    catalogue: Catalogue, sheet: Sheet, inspected: Sequence[Inspected], limits: Limits, language: str
) -> Result:
    try:
        return assess(catalogue, sheet, inspected, limits)
    except SheetError as error:
        raise unusable_sheet(error, language, catalogue.version) from error


def _document(catalogue: Catalogue, result: Result, language: str) -> dict[str, Json]:
    """The public JSON of a result. A score is null where nothing applies, so are a topic's low and high."""
    return {
        "score": _interval(result.score),
        "topics": [
            {
                "id": topic.id,
                **({"domain": topic.domain} if topic.domain else {}),
                **(_interval(topic.score) or {"low": None, "high": None}),
            }
            for topic in result.topics
        ],
        "critical_gaps": [*result.critical_gaps],
        "plan": [
            {"fix": each.fix, "gain": each.gain, "cost_eur": [*each.cost_eur], "minutes": each.minutes}
            for each in result.plan
        ],
        "find_out": [
            {"question": question.id, "ask": question.ask[language]}
            for question in map(catalogue.question, result.find_out)
            if question is not None
        ],
        "contradictions": [
            {
                "question": each.question,
                "answer": each.answer,
                "domain": each.finding.domain,
                "finding": each.finding.id,
            }
            for each in result.contradictions
        ],
    }


def _interval(score: "Score | None") -> dict[str, Json] | None:
    return None if score is None else {"low": score.low, "high": score.high}
