"""What the questionnaire must be, whoever edits it: covered lists, three languages, advice for every answer."""

import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from checks.advice import card
from checks.contract import COMMON
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import LANGUAGES, Fix, Kind, Question, Words, current
from portal.assessments.catalogue.digest import digest, recorded
from portal.assessments.sheets.sheet import shown

CATALOGUE = current()
QUESTIONS = [pytest.param(question, id=question.id) for question in CATALOGUE.questions]
FIXES = [pytest.param(fix, id=fix.id) for fix in CATALOGUE.fixes.values()]
CARD_FIXES = {name for check in ALL_CHECKS for name in card(check.id).fixes}
CSF_IDS = set((Path(__file__).parent / "nist-csf-2.0-ids.txt").read_text(encoding="utf-8").split())
DIN_27076 = {f"{number:02}" for number in range(1, 28)}
CIS_IG1 = """
    1.1 1.2  2.1 2.2 2.3  3.1 3.2 3.3 3.4 3.5 3.6  4.1 4.2 4.3 4.4 4.5 4.6 4.7  5.1 5.2 5.3 5.4  6.1 6.2 6.3 6.4 6.5
    7.1 7.2 7.3 7.4  8.1 8.2 8.3  9.1 9.2  10.1 10.2 10.3  11.1 11.2 11.3 11.4  12.1
    14.1 14.2 14.3 14.4 14.5 14.6 14.7 14.8  15.1  17.1 17.2 17.3
"""
CYBER_ESSENTIALS = {
    "firewalls",
    "secure-configuration",
    "security-update-management",
    "user-access-control",
    "malware-protection",
}
CSF_FUNCTIONS = {"GV", "ID", "PR", "DE", "RS", "RC"}


def _mapped(framework: str) -> set[str]:
    return {
        entry.id for question in CATALOGUE.questions for entry in question.satisfies if entry.framework == framework
    }


def test_all_topics_are_there() -> None:
    order = ["accounts", "backup", "devices", "fraud", "network", "data", "people", "incident"]
    assert [topic.id for topic in CATALOGUE.topics] == order


def test_the_requirements_of_din_spec_27076_are_covered() -> None:
    assert _mapped("din-27076") == DIN_27076


def test_the_safeguards_of_cis_ig1_are_covered() -> None:
    listed = CIS_IG1.split()
    assert len(listed) == 56
    assert _mapped("cis-ig1") == set(listed)


def test_the_controls_of_cyber_essentials_are_covered() -> None:
    assert _mapped("cyber-essentials") == CYBER_ESSENTIALS


def test_the_functions_of_the_csf_are_covered_by_its_own_ids() -> None:
    mapped = _mapped("nist-csf-2.0")
    assert len(CSF_IDS) == 106
    assert mapped <= CSF_IDS
    assert {name.partition(".")[0] for name in mapped} == CSF_FUNCTIONS


def test_ten_minutes_are_enough() -> None:
    everybody = [question for question in CATALOGUE.questions if not question.shown_if]
    assert len(everybody) <= 30
    assert 25 <= len(CATALOGUE.questions) <= 60
    assert list(shown(CATALOGUE, {})) == everybody


def test_few_questions_are_critical_and_some_are_asked_of_everybody() -> None:
    critical = [question for question in CATALOGUE.questions if question.critical]
    assert 3 <= len(critical) <= 12
    assert sum(not question.shown_if for question in critical) >= 3
    assert [question.weight for question in critical] == [10] * len(critical)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_depends_on_the_profile_alone(question: Question) -> None:
    assert set(question.shown_if) <= {entry.id for entry in CATALOGUE.profile}
    assert not {answer.value for entry in CATALOGUE.profile for answer in entry.answers} - {None}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_few_graded_answers(question: Question) -> None:
    assert 3 <= len([answer for answer in question.answers if answer.kind is Kind.GRADED]) <= 5


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_that_is_not_the_best_leads_to_advice(question: Question) -> None:
    lifts = [fix.lifts[question.id] for fix in CATALOGUE.fixes_for(question.id)]
    assert 1 in lifts
    for answer in question.answers:
        if answer.value is not None and answer.value < 1:
            assert any(value > answer.value for value in lifts), answer.id


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_help_text_helps(question: Question) -> None:
    assert min(len(text) for text in question.help.values()) >= 40
    assert all(text.endswith("?") for text in question.text.values())


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_requirement_is_met_by_a_graded_answer_better_than_the_worst(question: Question) -> None:
    for entry in question.satisfies:
        answer = question.answer(entry.answer)
        assert answer is not None, entry
        assert answer.value, entry


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_checks_know_is_told_of_real_checks_and_outcomes(question: Question) -> None:
    outcomes = {check.id: {outcome.name for outcome in (*check.outcomes, *COMMON)} for check in ALL_CHECKS}
    for seen in question.seen:
        assert seen.outcomes
        assert set(seen.outcomes) <= outcomes[seen.check]
        assert seen.answer or seen.doubts
        assert seen.answer not in seen.doubts
        doubted = [question.answer(name) for name in seen.doubts]
        assert all(answer is not None and answer.kind is not Kind.UNKNOWN for answer in doubted)
        for text in seen.text.values():
            fields = {name for _text, name, _form, _conversion in string.Formatter().parse(text) if name is not None}
            assert fields <= {"subject", "date"}


@pytest.mark.parametrize("fix", FIXES)
def test_a_fix_says_what_it_takes(fix: Fix) -> None:
    low, high = fix.cost_eur
    assert 0 <= low <= high
    assert 5 <= fix.minutes <= 480
    assert 3 <= len(fix.steps["en"]) <= 6
    assert all(step.strip() for steps in fix.steps.values() for step in steps)


@pytest.mark.parametrize("fix", FIXES)
def test_a_fix_lifts_a_question_to_one_of_its_answers(fix: Fix) -> None:
    for name, value in fix.lifts.items():
        question = CATALOGUE.question(name)
        assert question is not None
        assert value > 0
        assert value in {answer.value for answer in question.answers}, name


@pytest.mark.parametrize("fix", FIXES)
def test_a_fix_is_the_same_as_one_of_a_card_only_where_it_says_so(fix: Fix) -> None:
    assert set(fix.same_as) <= CARD_FIXES
    assert fix.id not in CARD_FIXES or fix.id in fix.same_as


@pytest.mark.parametrize("fix", FIXES)
def test_what_holds_in_one_country_has_a_source_and_a_date(fix: Fix) -> None:
    for local in fix.local:
        assert local.source.startswith("https://")
        assert local.title.strip()
        assert type(local.seen) is date
        assert local.country != "other"


def test_nine_fixes_in_ten_start_under_500_euro() -> None:
    affordable = [fix for fix in CATALOGUE.fixes.values() if fix.cost_eur[0] < 500]
    assert len(affordable) >= 0.9 * len(CATALOGUE.fixes)


def test_ids_are_plain_words() -> None:
    names = [*CATALOGUE.fixes, *(question.id for question in CATALOGUE.questions)]
    names += [answer.id for question in CATALOGUE.questions for answer in question.answers]
    names += [answer.id for entry in CATALOGUE.profile for answer in entry.answers]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def _of_question(question: Question) -> Iterator[Words]:
    yield from (question.text, question.help, question.ask)
    yield from (answer.text for answer in question.answers)
    yield from (entry.why for entry in question.satisfies)
    yield from (seen.text for seen in question.seen)


def _of_fix(fix: Fix) -> Iterator[Words]:
    yield from (fix.title, fix.stops, fix.verify)
    yield from (local.text for local in fix.local)
    for place in range(len(fix.steps["en"])):
        yield {language: fix.steps[language][place] for language in LANGUAGES}


def _all_words() -> Iterator[Words]:
    yield from (topic.title for topic in CATALOGUE.topics)
    for entry in CATALOGUE.profile:
        yield from (entry.text, entry.help, *(answer.text for answer in entry.answers))
    for question in CATALOGUE.questions:
        yield from _of_question(question)
    for fix in CATALOGUE.fixes.values():
        yield from _of_fix(fix)


def test_every_text_is_written_in_each_language() -> None:
    figures = re.compile(r"\d+")
    untranslated = [
        words["en"]
        for words in _all_words()
        if words["en"] in (words["fi"], words["sv"]) and not figures.fullmatch(words["en"])
    ]
    assert untranslated == []


def test_no_text_has_loose_ends() -> None:
    texts = [text for words in _all_words() for text in words.values()]
    assert [text for text in texts if text != text.strip() or "  " in text or "!" in text] == []


def test_a_changed_catalogue_has_a_new_version() -> None:
    assert recorded().get(CATALOGUE.version) == digest(CATALOGUE), (
        f"The questionnaire is not the one that was locked as {CATALOGUE.version}. Raise `version` in "
        "src/portal/assessments/catalogue/version.toml, then run: .venv/bin/python tools/catalogue_digest.py "
        "(with --again only while nobody has answered that version)"
    )
