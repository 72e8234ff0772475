import pytest
from msgspec.structs import replace

from checks.contract import Finding
from portal.assessments.catalogue import DONT_KNOW, Seen
from portal.assessments.inspected import found_in
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.sheet import Sheet
from portal.errors import SheetError
from tests.portal.assessments.sheets.making import WORDS, catalogue, finding, looked, question, sheet, unknown

OPEN = Seen("ports.remote_desktop", ("open",), "v0", ("v50", "v100"), WORDS)
CLOSED = Seen("ports.remote_desktop", ("closed",), "v100", ("v0",), WORDS)
DOUBT = Seen("ports.telnet", ("open",), None, ("v100",), WORDS)
MADE = catalogue([question("a", critical=True, seen=(OPEN, CLOSED, DOUBT))])
SAW_OPEN, SAW_CLOSED = finding("ports.remote_desktop", "open", "b"), finding("ports.remote_desktop", "closed", "a")


@pytest.mark.parametrize("answers", [{}, {"a": DONT_KNOW}])
def test_what_the_owner_does_not_know_a_finding_settles(answers: dict[str, str]) -> None:
    found = assess(MADE, sheet(answers), [looked(SAW_OPEN)])
    assert (found.seen["a"].answer, found.seen["a"].finding) == ("v0", *found_in([looked(SAW_OPEN)]))
    assert (found.critical_gaps, found.find_out, found.contradictions) == (("a",), (), ())


def test_the_owners_own_answer_stands_and_both_are_kept() -> None:
    found = assess(MADE, sheet({"a": "v100"}), [looked(SAW_OPEN)])
    assert (found.items[0].low, found.critical_gaps) == (100, ())
    assert [(each.question, each.answer, each.finding) for each in found.contradictions] == [
        ("a", "v100", *found_in([looked(SAW_OPEN)]))
    ]
    assert found.seen["a"].answer == "v0"
    assert assess(MADE, sheet({"a": "v0"}), [looked(SAW_OPEN)]).contradictions == ()


def test_doubt_alone_settles_nothing() -> None:
    found = assess(MADE, sheet({}), [looked(finding("ports.telnet", "open"))])
    assert (found.seen, found.find_out) == ({}, ("a",))
    doubted = assess(MADE, sheet({"a": "v100"}), [looked(finding("ports.telnet", "open"))])
    assert [each.finding.id for each in doubted.contradictions] == ["ports.telnet"]


def test_one_contradiction_for_each_check() -> None:
    findings = [SAW_OPEN, finding("ports.remote_desktop", "open", "c"), finding("ports.telnet", "open")]
    found = assess(MADE, sheet({"a": "v100"}), [looked(*findings)])
    assert [(each.finding.id, each.finding.subject) for each in found.contradictions] == [
        ("ports.remote_desktop", "b"),
        ("ports.telnet", "kahvila.test"),
    ]


def test_each_domain_contradicts_by_itself_and_the_worst_of_all_settles() -> None:
    checks = [looked(SAW_CLOSED, domain="one.test"), looked(SAW_OPEN, domain="two.test")]
    found = assess(MADE, sheet({"a": "v50"}), [*checks, looked(SAW_OPEN, domain="three.test")])
    assert [each.finding.domain for each in found.contradictions] == ["two.test", "three.test"]
    assert (found.seen["a"].answer, found.seen["a"].finding.domain) == ("v0", "two.test")
    assert assess(MADE, sheet({}), checks[:1]).seen["a"].answer == "v100"


@pytest.mark.parametrize(
    ("findings", "settled"),
    [
        ([SAW_CLOSED], "v100"),
        ([SAW_CLOSED, SAW_OPEN], "v0"),
        ([SAW_CLOSED, unknown("ports.remote_desktop", "c")], None),
        ([SAW_OPEN, unknown("ports.remote_desktop", "c")], "v0"),
        ([unknown("ports.remote_desktop", "c")], None),
    ],
)
def test_worst_that_was_seen_counts_and_the_best_only_where_nothing_is_unclear(
    findings: list[Finding], settled: str | None
) -> None:
    found = assess(MADE, sheet({}), [looked(*findings)]).seen.get("a")
    assert (found.answer if found else None) == settled


def test_hidden_question_is_neither_settled_nor_contradicted() -> None:
    hidden = catalogue([question("a", seen=(OPEN,), shown_if={"remote": ("yes",)})])
    found = assess(hidden, sheet({"a": "v100"}), [looked(SAW_OPEN)])
    assert (found.seen, found.contradictions) == ({}, ())


def test_finding_of_an_earlier_version_settles_nothing_and_counts_as_unknown() -> None:
    gone = replace(SAW_OPEN, outcome="ajar")
    found = assess(MADE, sheet({}), [looked(gone, replace(gone, id="ports.pigeons"))])
    assert (found.seen, [(item.id, item.low, item.high) for item in found.items]) == (
        {},
        [("a", 0, 100), ("ports.remote_desktop", 0, 100)],
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (replace(sheet({}), version="0"), "unknown-version"),
        (sheet({"z": "v0"}), "unknown-question"),
        (sheet({"remote": "yes"}), "unknown-question"),
        (sheet({}, {"a": "v0"}), "unknown-question"),
        (sheet({"a": "v1"}), "unknown-answer"),
        (sheet({}, {"remote": "perhaps"}), "unknown-answer"),
    ],
)
def test_what_the_questionnaire_has_not_is_refused(given: Sheet, code: str) -> None:
    with pytest.raises(SheetError) as refused:
        assess(MADE, given)
    assert refused.value.code == code
