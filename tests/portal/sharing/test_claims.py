from datetime import UTC, datetime

import pytest

from checks.contract import Finding, Severity, Status
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import LANGUAGES, Kind, current
from portal.assessments.sheets.storage import Given
from portal.sharing.claims import Source, rules, seen_claims, stated_claims

DOMAIN = "kahvila.test"
AT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
SEEN = rules().seen
STATED = rules().stated


def found(check: str, status: Status, subject: str = DOMAIN) -> Finding:
    return Finding(check, status, Severity.INFO, subject, "whatever", {})


def passing(rule: int) -> list[Finding]:
    return [found(check, Status.PASS) for check in SEEN[rule].checks]


def best(question: str) -> dict[str, Given]:
    asked = current().question(question)
    assert asked is not None
    return {question: Given(next(each.id for each in asked.answers if each.value == 1), AT)}


def test_every_rule_names_what_there_is_in_every_language() -> None:
    known = {check.id for check in ALL_CHECKS}
    assert all(rule.checks and known.issuperset(rule.checks) for rule in SEEN)
    assert all(current().question(rule.question) for rule in STATED)
    assert all(rule.text.keys() == set(LANGUAGES) and all(rule.text.values()) for rule in (*SEEN, *STATED))
    names = [*(rule.id for rule in SEEN), *(rule.question for rule in STATED)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", range(len(SEEN)))
def test_what_a_check_saw_may_be_told_only_where_every_part_of_it_passed(rule: int) -> None:
    [claim] = [each for each in seen_claims(DOMAIN, AT, passing(rule)) if each.text == SEEN[rule].text]
    assert (claim.id, claim.source, claim.at, claim.domain) == (f"{SEEN[rule].id}@{DOMAIN}", Source.SEEN, AT, DOMAIN)
    for check in SEEN[rule].checks:
        without = [each for each in passing(rule) if each.id != check]
        for status in Status:
            told = seen_claims(DOMAIN, AT, [*without, found(check, status)])
            assert (claim in told) is (status is Status.PASS)
        for status in (Status.FAIL, Status.UNKNOWN):
            assert claim not in seen_claims(DOMAIN, AT, [*passing(rule), found(check, status, f"www.{DOMAIN}")])


@pytest.mark.parametrize("rule", STATED, ids=lambda rule: rule.question)
def test_only_the_best_answer_may_be_told(rule: object) -> None:
    name = rule.question  # type: ignore[attr-defined]
    question = current().question(name)
    assert question is not None
    for answer in question.answers:
        told = stated_claims(current(), {name: Given(answer.id, AT)}, [])
        assert [each.id for each in told] == ([name] if answer.kind is Kind.GRADED and answer.value == 1 else [])


def test_what_a_check_contradicts_may_not_be_told() -> None:
    given = best("remote-access") | best("backup")
    assert [each.id for each in stated_claims(current(), given, [])] == ["backup", "remote-access"]
    assert [each.id for each in stated_claims(current(), given, ["remote-access"])] == ["backup"]


def test_an_answer_of_an_earlier_catalogue_is_not_told() -> None:
    assert stated_claims(current(), {"backup": Given("no-such-answer", AT)}, []) == ()
