"""Everything as data: one domain's check in the form of `kyberkunto check --json`, or a firm's sheet with its domains.

The forms are published: `checks/schema.json` and `sheet.schema.json` beside this module (JSON Schema 2020-12).
"""

from pathlib import Path

from checks import document
from checks.contract import Json
from checks.document import moment
from checks.score import Score
from portal.assessments.catalogue import Kind, Question
from portal.assessments.earlier import as_of_today, is_known
from portal.assessments.inspected import Found, Inspected
from portal.assessments.report.annex import Answered, Source, chapters
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.report.ticks import ticks
from portal.assessments.sheets.plan_outline import PlanTeller, ToldPlanned
from portal.assessments.sheets.sheet import shown
from portal.assessments.sheets.telling_proofs import ToldTick

CHECK_SCHEMA = document.SCHEMA
SHEET_SCHEMA = Path(__file__).parent / "sheet.schema.json"


def check_document(inspected: Inspected, language: str) -> dict[str, Json]:
    """One check; what today's checks no longer know is left out."""
    found = [as_of_today(finding, inspected.domain) for finding in inspected.findings if is_known(finding)]
    return document.document(
        inspected.domain,
        found,
        started_at=inspected.started_at,
        duration_s=inspected.duration_s,
        catalogue_version=inspected.catalogue_version,
        language=language,
    )


def sheet_document(report: ReportInput, firm: Firm) -> dict[str, Json]:
    """A firm's answers with where they come from, its score and plan, and its domains' checks."""
    result, language = firm.result, report.language
    return {
        "as_of": moment(report.made_at),
        "language": language,
        "catalogue_version": firm.catalogue.version,
        "limits": {"budget_eur": firm.limits.budget_eur, "minutes": firm.limits.minutes},
        "profile": _profile(firm, language),
        "answers": _answers(report, firm),
        "score": _score(result.score),
        "planned": _score(result.planned),
        "topics": [
            {"id": topic.id, "domain": topic.domain or None, "score": _score(topic.score)} for topic in result.topics
        ],
        "critical_gaps": [*result.critical_gaps],
        "possible_gaps": [*result.possible_gaps],
        "critical_findings": [_place(finding) for finding in result.critical_findings],
        "find_out": [*result.find_out],
        "plan": _plan(report, firm),
        "done": [_done(each) for each in ticks(report, firm)],
        "domains": [check_document(each, language) for each in report.inspected],
    }


def _profile(firm: Firm, language: str) -> list[Json]:
    made: list[Json] = []
    for question in firm.catalogue.profile:
        given = firm.sheet.profile.get(question.id)
        text = next((answer.text[language] for answer in question.answers if answer.id == given), None)
        made.append({"id": question.id, "text": question.text[language], "answer": given, "answer_text": text})
    return made


def _answers(report: ReportInput, firm: Firm) -> list[Json]:
    asked = shown(firm.catalogue, firm.sheet.profile)
    told = [answered for chapter in chapters(report, firm) for answered in chapter.answers]
    return [_answer(firm, *pair) for pair in zip(asked, told, strict=True)]


def _answer(firm: Firm, question: Question, told: Answered) -> dict[str, Json]:
    seen = firm.result.seen[question.id] if told.source is Source.CHECK else None
    chosen = seen.answer if seen else firm.sheet.answers.get(question.id)
    answer = question.answer(chosen) if chosen else None
    return {
        "id": question.id,
        "topic": question.topic,
        "text": told.question,
        "weight": question.weight,
        "critical": question.critical,
        "answer": chosen,
        "answer_text": told.answer or None,
        "is_unknown": answer is not None and answer.kind is Kind.UNKNOWN,
        "source": told.source.value,
        "when": moment(told.when) if told.when else None,
        "seen": _place(seen.finding) if seen else None,
        "counts": {"low": told.low, "high": told.high} if told.low is not None else None,
        "doubts": [*told.doubts],
    }


def _plan(report: ReportInput, firm: Firm) -> list[Json]:
    teller = PlanTeller(firm.catalogue, report.language, firm.sheet.profile.get("country", ""), report.inspected)
    return [_planned(told) for told in teller.told(firm.result.plan)]


def _planned(told: ToldPlanned) -> dict[str, Json]:
    return {
        "fix": told.id,
        "title": told.title,
        "why": told.why,
        "steps": [*told.steps],
        "verify": told.verify,
        "who": told.who,
        "cost_eur": [*told.cost_eur],
        "minutes": told.minutes,
        "gain": told.planned.gain,
        "closes": [*told.planned.closes],
        "questions": [*told.planned.questions],
        "findings": [_place(finding) for finding in told.planned.findings],
        "merged": [*told.planned.merged],
    }


def _done(told: ToldTick) -> dict[str, Json]:
    return {
        "fix": told.id,
        "title": told.title,
        "when": moment(told.at),
        "sight": told.sight.value,
        "looks": [
            {
                "domain": look.domain,
                "when": moment(look.at) if look.at else None,
                "sight": look.sight.value,
                "text": line,
                "findings": [_place(finding) for finding in look.findings],
            }
            for look, line in zip(told.proof.looks, told.lines, strict=True)
        ],
    }


def _place(finding: Found) -> dict[str, Json]:
    return {"domain": finding.domain, "id": finding.id, "subject": finding.subject}


def _score(score: Score | None) -> Json:
    return {"low": score.low, "high": score.high} if score else None
