import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks import advice
from checks.score import Score
from portal.assessments.catalogue import DONT_KNOW, Catalogue
from portal.assessments.inspected import Inspected, found_in
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Limits, NoPlan, Result
from tests.portal.assessments.sheets.making import (
    any_checks,
    any_limits,
    catalogue,
    catalogues,
    few_checks,
    finding,
    fix,
    looked,
    question,
    sheet,
    sheets,
    solving,
    unknown,
)
from tests.portal.assessments.sheets.reference import best, known_measures, worth

A, B, C = question("a", weight=10, critical=True), question("b", weight=5), question("c", weight=2)
ALL_WORST = sheet(dict.fromkeys("abc", "v0"))


def steps(found: Result) -> list[tuple[str, float]]:
    return [(each.fix, each.gain) for each in found.plan]


def test_critical_gap_is_closed_before_anything_that_gains_more() -> None:
    made = catalogue([A, B], [fix("half", {"a": 0.5}, minutes=60), fix("much", {"b": 1}, minutes=1)])
    found = assess(made, sheet({"a": "v0", "b": "v0"}), (), Limits(None, 60))
    assert steps(found) == [("half", 33.3)]
    assert found.plan[0].closes == ("a",)
    without = assess(made, sheet({"a": "v0", "b": "v0"}), (), Limits(None, 59))
    assert steps(without) == [("much", 33.3)]


def test_least_minutes_then_least_euro_then_the_first_one() -> None:
    fixes = [
        fix("slow", {"a": 1}, minutes=20),
        fix("dear", {"a": 1}, euro=5),
        fix("free", {"a": 1}),
        fix("too", {"a": 1}),
    ]
    assert steps(assess(catalogue([A], fixes), sheet({"a": "v0"}))) == [("free", 100.0)]


def test_not_greedy() -> None:
    """The best in a minute would leave no time for the two others, which together bring more."""
    questions = [question(name, weight=weight) for name, weight in (("a", 10), ("b", 5), ("c", 5))]
    fixes = [
        fix("quick", {"a": 0.9}, minutes=31),
        fix("one", {"b": 1}, minutes=30),
        fix("two", {"c": 1}, minutes=30),
    ]
    found = assess(catalogue(questions, fixes), ALL_WORST, (), Limits(None, 60))
    assert steps(found) == [("one", 25.0), ("two", 25.0)]


def test_prerequisite_comes_first_and_costs() -> None:
    fixes = [fix("base", {"c": 0.5}, minutes=30, euro=40), fix("top", {"a": 1}, requires=("base",))]
    made = catalogue([A, C], fixes)
    assert [each.fix for each in assess(made, ALL_WORST_OF_AC).plan] == ["base", "top"]
    assert assess(made, ALL_WORST_OF_AC, (), Limits(39, None)).plan == ()
    reached = assess(made, sheet({"a": "v0", "c": "v50"}), (), Limits(0, 10))
    assert [each.fix for each in reached.plan] == ["top"]
    hidden = catalogue([A, replace(C, shown_if={"remote": ("yes",)})], fixes)
    assert [each.fix for each in assess(hidden, sheet({"a": "v0"}), (), Limits(0, 10)).plan] == ["top"]


ALL_WORST_OF_AC = sheet({"a": "v0", "c": "v0"})


def test_prerequisite_that_lifts_only_what_nobody_knows_joins_only_when_needed() -> None:
    made = catalogue([A, C], [fix("base", {"c": 1}), fix("top", {"a": 1}, requires=("base",))])
    needed = assess(made, sheet({"a": "v0", "c": DONT_KNOW}))
    assert steps(needed) == [("base", 0.0), ("top", 83.3)]
    assert needed.planned == Score(83.3, 100.0)
    assert assess(made, sheet({"a": "v100", "c": DONT_KNOW})).plan == ()


def test_nothing_that_nobody_knows_is_planned() -> None:
    made = catalogue([A, B], [fix("f", {"a": 1}), fix("g", {"b": 1})])
    found = assess(made, sheet({"a": DONT_KNOW}))
    assert (found.plan, found.find_out) == ((), ("a", "b"))


def test_partial_fix_does_where_time_is_short() -> None:
    made = catalogue([B], [fix("some", {"b": 0.7}, minutes=10), fix("all", {"b": 1}, minutes=60)])
    assert steps(assess(made, sheet({"b": "v0"}), (), Limits(None, 30))) == [("some", 70.0)]
    assert steps(assess(made, sheet({"b": "v0"}), (), Limits(None, 60))) == [("all", 100.0)]


def test_empty_plan_says_why() -> None:
    dear, none = catalogue([A], [fix("f", {"a": 1}, minutes=60)]), catalogue([A])
    short = Limits(None, 30)
    assert assess(dear, sheet({"a": "v0"}), (), short).why_no_plan is NoPlan.LIMITS
    assert assess(none, sheet({"a": "v0"}), (), short).why_no_plan is NoPlan.NO_FIX
    assert assess(none, sheet({"a": "v0"})).why_no_plan is NoPlan.NO_FIX
    assert assess(dear, sheet({"a": DONT_KNOW}), (), short).why_no_plan is NoPlan.FIND_OUT
    assert assess(dear, sheet({"a": "v100"}), (), short).why_no_plan is NoPlan.ALL_DONE
    assert assess(catalogue([]), sheet({})).why_no_plan is NoPlan.NOTHING
    several = [finding("mail.tls_rpt", "absent", "a.test"), finding("mail.tls_rpt", "invalid", "b.test")]
    saw = [looked(*several, unknown("mail.tls_rpt", "c.test"))]
    assert assess(catalogue([]), sheet({}), saw, short).why_no_plan is not NoPlan.LIMITS


def test_ticked_fix_leaves_the_plan() -> None:
    made = catalogue([A, B], [fix("f", {"a": 1}), fix("g", {"b": 1}, requires=("f",))])
    found = assess(made, sheet({"a": "v0", "b": "v0"}, done=["f"]))
    assert steps(found) == [("g", 33.3)]
    assert (found.score, found.planned) == (Score(66.7, 66.7), Score(100.0, 100.0))


def test_same_measure_of_check_and_questionnaire_is_one() -> None:
    made = catalogue([A], [fix("close", {"a": 1}, minutes=10, euro=20, same_as=("close-remote-desktop",))])
    saw = (looked(*(finding("ports.remote_desktop", "open", each) for each in ("a.test", "b.test"))),)
    (one,) = assess(made, sheet({"a": "v0"}), saw).plan
    assert (one.fix, one.gain, one.minutes, one.cost_eur) == ("close", 100.0, 30, (20, 100))
    assert (one.closes, one.questions) == (("a", "ports.remote_desktop"), ("a",))
    assert (one.findings, one.merged) == (found_in(saw), ("close-remote-desktop",))
    ticked = assess(made, sheet({"a": "v0"}, done=["close-remote-desktop"]), saw)
    assert (ticked.score, ticked.plan, ticked.critical_findings) == (Score(100.0, 100.0), (), ())


def test_check_is_mended_only_when_every_subject_is() -> None:
    """Two faults of one check with two fixes: one alone brings nothing."""
    saw = [finding("mail.tls_rpt", "absent", "a.test"), finding("mail.tls_rpt", "invalid", "b.test")]
    found = assess(catalogue([]), sheet({}), [looked(*saw)])
    assert steps(found) == [("ask-for-encryption-reports", 0.0), ("mend-report-line", 100.0)]
    assert assess(catalogue([]), sheet({}), [looked(*saw)], Limits(None, 15)).plan == ()
    assert assess(catalogue([]), sheet({}), [looked(*saw, unknown("mail.tls_rpt", "c.test"))]).plan == ()


def test_urgent_finding_is_mended_though_it_brings_few_points_or_none() -> None:
    made = catalogue([B], [fix("f", {"b": 1}, minutes=15)])
    saw = [finding("mail.dmarc", "absent", "a.test"), unknown("mail.dmarc", "b.test")]
    assert steps(assess(made, sheet({"b": "v0"}), [looked(*saw)], Limits(None, 15))) == [("ask-for-reports", 0.0)]
    both = assess(made, sheet({"b": "v0"}), [looked(*saw)])
    assert [each.fix for each in both.plan] == ["ask-for-reports", "f"]


def test_one_step_mends_every_domain_and_each_further_one_takes_half_the_time() -> None:
    card = advice.card("mail.dmarc").fix("ask-for-reports")
    several = [looked(finding("mail.dmarc", "absent", name), domain=name) for name in ("a.test", "b.test", "c.test")]
    (one,) = assess(catalogue([]), sheet({}), several).plan
    assert (one.fix, [each.domain for each in one.findings]) == ("ask-for-reports", ["a.test", "b.test", "c.test"])
    assert one.minutes == card.minutes + 2 * -(-card.minutes // 2)
    assert one.cost_eur == (3 * card.cost_eur[0], 3 * card.cost_eur[1])
    assert one.gain == 100.0


def test_server_that_two_domains_share_is_mended_once() -> None:
    card = advice.card("mail.starttls").fix("turn-on-mail-encryption")
    several = [looked(finding("mail.starttls", "not-offered", "mx.test"), domain=name) for name in ("a.test", "b.test")]
    (one,) = assess(catalogue([]), sheet({}), several).plan
    assert (one.minutes, one.cost_eur, one.gain) == (card.minutes, card.cost_eur, 100.0)


def test_gain_is_that_of_the_score_that_is_shown() -> None:
    """Under the lid nothing rises, until the last gap is closed."""
    questions = [question("a", weight=1, critical=True), question("b", weight=10)]
    made = catalogue(questions, [fix("close", {"a": 1}, minutes=60), fix("rest", {"b": 1})])
    found = assess(made, sheet({"a": "v0", "b": "v50"}))
    assert steps(found) == [("close", 9.0), ("rest", 45.5)]
    lidded = assess(made, sheet({"a": DONT_KNOW, "b": "v50"}))
    assert steps(lidded) == [("rest", 34.4)]
    assert lidded.planned == Score(79.9, 100.0)


@solving
@given(st.data(), catalogues(), few_checks, any_limits)
def test_plan_is_the_best_there_is(
    data: st.DataObject, made: Catalogue, inspected: list[Inspected], limits: Limits
) -> None:
    given_sheet = data.draw(sheets(made))
    found = assess(made, given_sheet, inspected, limits)
    known = known_measures(made, found.items, inspected)
    chosen = [known[each.fix] for each in found.plan]
    assert worth(chosen, found.items) == best(made, given_sheet, inspected, limits)


@solving
@given(st.data(), catalogues(most_questions=8, most_fixes=12), any_checks, any_limits)
def test_plan_keeps_its_limits_its_order_and_its_word(
    data: st.DataObject, made: Catalogue, inspected: list[Inspected], limits: Limits
) -> None:
    given_sheet = data.draw(sheets(made))
    found = assess(made, given_sheet, inspected, limits)
    names = [each.fix for each in found.plan]
    assert len(names) == len(set(names))
    assert not found.done & set(names)
    assert limits.minutes is None or sum(each.minutes for each in found.plan) <= limits.minutes
    assert limits.budget_eur is None or sum(each.cost_eur[0] for each in found.plan) <= limits.budget_eur
    for place, name in enumerate(names):
        later = set(names[place:])
        assert name not in made.fixes or not later & set(made.fixes[name].requires)
    bound = {name for fix in made.fixes.values() if fix.requires for name in (fix.id, *fix.requires)}
    free = [each for each in found.plan if each.fix not in bound and not each.closes]
    assert [each.is_urgent for each in free] == sorted((each.is_urgent for each in free), reverse=True)
    assert all(each.gain >= 0 and each.gain == round(each.gain, 1) for each in found.plan)
    if found.score is not None and found.planned is not None:
        rise = sum(each.gain for each in found.plan)
        assert rise == pytest.approx(found.planned.low - found.score.low)
    unknown_ids = {item.id for item in found.items if item.parts[0].low != item.parts[0].high}
    assert not unknown_ids & {name for each in found.plan for name in each.questions}
    turned = [replace(each, findings=each.findings[::-1]) for each in inspected]
    assert found == assess(made, given_sheet, turned, limits)


@solving
@given(st.data(), catalogues(), any_checks)
def test_ticking_the_whole_plan_reaches_what_was_planned(
    data: st.DataObject, made: Catalogue, inspected: list[Inspected]
) -> None:
    given_sheet = data.draw(sheets(made))
    found = assess(made, given_sheet, inspected)
    ticked = replace(given_sheet, done=given_sheet.done | {each.fix for each in found.plan})
    then = assess(made, ticked, inspected)
    if found.planned is not None and then.score is not None:
        assert then.score.low >= found.planned.low
        assert not {each.fix for each in then.plan} & {each.fix for each in found.plan}
