from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks import score as domain_score
from checks.contract import Finding
from checks.score import Score
from portal.assessments.catalogue import DONT_KNOW, NOT_APPLICABLE, Catalogue, Question
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Band, Limits, Result, band
from tests.portal.assessments.sheets.making import (
    any_checks,
    any_findings,
    catalogue,
    catalogues,
    finding,
    fix,
    looked,
    question,
    sheet,
    sheets,
    unknown,
)

NOTHING_TO_SPEND = Limits(0, 0)
THREE = catalogue([question("a", weight=10, critical=True), question("b", weight=5), question("c", "t1", weight=2)])


def judged(made: Catalogue, answers: dict[str, str], *findings: Finding) -> Result:
    return assess(made, sheet(answers), [looked(*findings)] if findings else [], NOTHING_TO_SPEND)


def test_all_best_is_full_and_all_worst_is_nothing() -> None:
    assert judged(THREE, dict.fromkeys("abc", "v100")).score == Score(100.0, 100.0)
    worst = judged(THREE, dict.fromkeys("abc", "v0"))
    assert (worst.score, worst.critical_gaps, worst.find_out) == (Score(0.0, 0.0), ("a",), ())


def test_unknown_and_left_out_count_as_worst_in_low_and_as_best_in_high() -> None:
    found = judged(THREE, {"a": DONT_KNOW, "b": "v50"})
    assert found.score == Score(round(250 / 17, 1), round(100 * 14.5 / 17, 1))
    assert found.find_out == ("a", "c")
    assert (found.critical_gaps, found.possible_gaps) == ((), ("a",))
    assert [each.score for each in found.topics] == [Score(round(250 / 15, 1), round(1250 / 15, 1)), Score(0.0, 100.0)]


def test_what_a_critical_check_could_not_tell_may_be_a_gap() -> None:
    best = dict.fromkeys("abc", "v100")
    assert judged(THREE, best).may_be_open == 0
    assert judged(THREE, best, unknown("ports.remote_desktop")).may_be_open == 1
    assert judged(THREE, {**best, "a": "v0"}).may_be_open == 0  # that one surely is
    assert judged(THREE, {**best, "a": DONT_KNOW}).may_be_open == 1


def test_what_does_not_apply_leaves_the_sum() -> None:
    found = judged(THREE, {"a": NOT_APPLICABLE, "b": "v50", "c": NOT_APPLICABLE})
    assert found.score == Score(50.0, 50.0)
    assert [each.score for each in found.topics] == [Score(50.0, 50.0), None]


def test_nothing_applicable_has_no_score() -> None:
    found = judged(THREE, dict.fromkeys("abc", NOT_APPLICABLE))
    assert (found.score, found.planned, found.plan, found.find_out) == (None, None, (), ())
    assert judged(catalogue([]), {}).score is None


def test_what_the_profile_hides_does_not_count() -> None:
    made = catalogue([question("a"), question("b", weight=10, critical=True, shown_if={"remote": ("yes",)})])
    hidden = {"a": "v50", "b": "v0"}
    assert assess(made, sheet(hidden)).score == Score(50.0, 50.0)
    assert assess(made, sheet(hidden, {"remote": "no"})).critical_gaps == ()
    assert assess(made, sheet(hidden, {"remote": "yes"})).critical_gaps == ("b",)


def test_top_band_is_out_of_reach_while_a_critical_gap_is_open() -> None:
    made = catalogue([question("a", weight=1, critical=True), question("b", weight=10)])
    assert judged(made, {"a": "v0", "b": "v100"}).score == Score(79.9, 79.9)
    assert judged(made, {"a": DONT_KNOW, "b": "v100"}).score == Score(79.9, 100.0)
    assert judged(made, {"a": "v50", "b": "v100"}).score == Score(95.5, 95.5)
    assert (band(79.9), band(80.0), band(49.9)) == (Band.PARTLY, Band.WELL, Band.POORLY)


def test_domain_check_counts_a_fifth_and_its_critical_faults_are_gaps() -> None:
    made = catalogue([question("a", weight=10)])
    fine = judged(made, {"a": "v50"}, finding("ports.remote_desktop", "closed"))
    assert fine.score == Score(60.0, 60.0)
    assert [each.id for each in fine.topics] == ["t0", "domain"]
    assert [each.score for each in fine.topics] == [Score(50.0, 50.0), Score(100.0, 100.0)]
    faulty = judged(made, {"a": "v100"}, finding("ports.remote_desktop", "open"), finding("mail.dmarc", "present"))
    assert faulty.score is not None
    assert faulty.score.high == 79.9
    assert [each.id for each in faulty.critical_findings] == ["ports.remote_desktop"]
    assert faulty.critical_gaps == ()
    unclear = judged(made, {"a": "v100"}, unknown("ports.remote_desktop"))
    assert unclear.score == Score(79.9, 100.0)


def test_ticked_fix_counts_as_if_what_it_lifts_were_answered() -> None:
    made = catalogue([question("a"), question("b"), question("c")], [fix("f", {"a": 0.5, "b": 0.5, "c": 1})])
    found = assess(made, sheet({"a": "v0", "b": DONT_KNOW, "c": NOT_APPLICABLE}, done=["f", "long-gone"]))
    assert found.score == Score(50.0, 75.0)
    assert (found.find_out, found.done) == (("b",), {"f"})
    assert assess(made, sheet({"a": "v100"}, done=["f"])).items[0].low == 100


def test_order_of_findings_does_not_matter() -> None:
    findings = (finding("mail.spf", "absent", "b"), unknown("mail.spf", "a"), finding("web.hsts", "absent"))
    assert judged(THREE, {}, *findings) == judged(THREE, {}, *reversed(findings))


def test_domains_share_their_part_equally() -> None:
    good, bad = looked(finding("mail.spf", "valid"), domain="good.test"), looked(finding("mail.spf", "absent"))
    dim = looked(unknown("mail.spf"), domain="dim.test")
    found = assess(THREE, sheet({"a": "v100", "b": "v100", "c": "v100"}), [good, bad, dim], NOTHING_TO_SPEND)
    assert found.score == Score(86.7, 93.3)
    of_each = [(topic.domain, topic.score) for topic in found.topics if topic.domain]
    assert of_each == [("good.test", Score(100, 100)), ("kahvila.test", Score(0, 0)), ("dim.test", Score(0, 100))]


def test_critical_fault_of_any_domain_keeps_the_score_under_the_lid() -> None:
    checks = [looked(finding("mail.spf", "valid")), looked(finding("ports.remote_desktop", "open"), domain="b.test")]
    found = assess(THREE, sheet({"a": "v100", "b": "v100", "c": "v100"}), checks, NOTHING_TO_SPEND)
    assert found.score == Score(79.9, 79.9)
    assert [(each.domain, each.id) for each in found.critical_findings] == [("b.test", "ports.remote_desktop")]


@given(st.data(), catalogues(), any_checks)
def test_domain_of_which_nothing_is_known_widens_and_never_shifts(
    data: st.DataObject, made: Catalogue, inspected: list[Inspected]
) -> None:
    """What it turns out to be lies within: never better than the best that is told, never worse than the worst."""
    given_sheet = data.draw(sheets(made))
    check = data.draw(st.sampled_from(("mail.spf", "web.hsts")))
    outcome = {"mail.spf": ("valid", "absent"), "web.hsts": ("on", "absent")}[check]
    dim, best, worst = (
        assess(made, given_sheet, [*inspected, looked(one, domain="new.test")], NOTHING_TO_SPEND).score
        for one in (unknown(check), *(finding(check, name) for name in outcome))
    )
    assert dim is not None
    assert best is not None
    assert worst is not None
    assert dim.low <= worst.low <= best.low
    assert worst.high <= best.high <= dim.high


@given(any_findings)
def test_domain_scores_as_the_check_alone_does(findings: list[Finding]) -> None:
    found = judged(catalogue([]), {}, *findings)
    (topic,) = found.topics or (None,)
    if topic is not None and topic.score is not None:
        assert topic.score == domain_score.score(findings)


def _better(asked: Question, answer: str | None) -> list[str]:
    """Every answer that is better; than not knowing, every graded one."""
    given = asked.answer(answer) if answer else None
    if given is not None and given.id == NOT_APPLICABLE:
        return []
    least = given.value if given is not None and given.value is not None else -1
    return [each.id for each in asked.answers if each.value is not None and each.value > least]


def _points(found: Score | None) -> tuple[float, float]:
    assert found is not None
    assert 0 <= found.low <= found.high <= 100
    return found.low, found.high


@given(st.data(), catalogues(), any_checks)
def test_better_answer_never_lowers_anything(data: st.DataObject, made: Catalogue, inspected: list[Inspected]) -> None:
    before = data.draw(sheets(made))
    changes = [(each.id, to) for each in made.questions for to in _better(each, before.answers.get(each.id))]
    if not changes:
        return
    asked, to = data.draw(st.sampled_from(changes))
    after = replace(before, answers={**before.answers, asked: to})
    worse, better = (assess(made, each, inspected, NOTHING_TO_SPEND) for each in (before, after))
    is_from_unknown = before.answers.get(asked, DONT_KNOW) == DONT_KNOW
    before_and_after = [(worse.score, better.score)]
    before_and_after += [(one.score, other.score) for one, other in zip(worse.topics, better.topics, strict=True)]
    for one, other in before_and_after:
        if one is None:
            assert other is None
            continue
        (low, high), (then_low, then_high) = _points(one), _points(other)
        assert then_low >= low
        assert is_from_unknown or then_high >= high  # whoever did not know may learn that it is not the best
        assert not is_from_unknown or to != "v100" or then_high >= high
    assert set(better.critical_gaps) <= set(worse.critical_gaps) or is_from_unknown


@given(st.data(), catalogues(), any_checks)
def test_whatever_an_unknown_turns_out_to_be_lies_within(
    data: st.DataObject, made: Catalogue, inspected: list[Inspected]
) -> None:
    before = data.draw(sheets(made, ticking=False))
    settled = {
        each.id: data.draw(st.sampled_from([answer.id for answer in each.answers if answer.value is not None]))
        for each in made.questions
        if before.answers.get(each.id, DONT_KNOW) == DONT_KNOW
    }
    after = replace(before, answers={**before.answers, **settled})
    wide, narrow = (assess(made, each, inspected, NOTHING_TO_SPEND) for each in (before, after))
    if wide.score is not None and narrow.score is not None:
        assert wide.score.low <= narrow.score.low <= narrow.score.high <= wide.score.high


@given(st.data(), catalogues(), any_checks)
def test_ticking_a_fix_never_lowers_anything(data: st.DataObject, made: Catalogue, inspected: list[Inspected]) -> None:
    before = data.draw(sheets(made))
    after = replace(before, done=before.done | set(made.fixes))
    now, then = (assess(made, each, inspected, NOTHING_TO_SPEND) for each in (before, after))
    if now.score is not None and then.score is not None:
        assert then.score.low >= now.score.low
        assert then.score.high >= now.score.high
