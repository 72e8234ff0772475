"""The real questionnaire with made-up firms: too large to try every plan, so each is held against its neighbours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import advice
from checks.contract import Finding
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.items import hundredths
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet
from tests.portal.assessments.sheets.making import finding, looked
from tests.portal.assessments.sheets.reference import is_allowed, known_measures, worth

CATALOGUE = current()
profiles = st.fixed_dictionaries(
    {}, optional={each.id: st.sampled_from([answer.id for answer in each.answers]) for each in CATALOGUE.profile}
)
answers = st.fixed_dictionaries(
    {}, optional={each.id: st.sampled_from([answer.id for answer in each.answers]) for each in CATALOGUE.questions}
)
firms = st.builds(
    Sheet, st.just(CATALOGUE.version), profiles, answers, st.frozensets(st.sampled_from([*CATALOGUE.fixes]), max_size=5)
)
inspections = st.lists(
    st.sampled_from([(check.id, outcome.name) for check in ALL_CHECKS for outcome in check.outcomes]).map(
        lambda one: finding(*one)
    ),
    unique_by=lambda one: one.id,
    max_size=40,
)
limits = st.builds(Limits, st.none() | st.integers(0, 1000), st.none() | st.integers(0, 1500))
few = settings(max_examples=settings().max_examples // 10)
"""The real questionnaire takes a third of a second each time."""


def halved(findings: list[Finding]) -> list[Inspected]:
    """As if two domains had been checked: whatever failed of the second half, failed of the first as well."""
    half = findings[len(findings) // 2 :]
    return [looked(*findings), looked(*half, domain="other.test")] if half else []


def test_every_value_is_a_whole_hundredth() -> None:
    values = [answer.value for each in CATALOGUE.questions for answer in each.answers if answer.value is not None]
    values += [value for fix in CATALOGUE.fixes.values() for value in fix.lifts.values()]
    assert all(hundredths(value) == pytest.approx(value * 100, abs=1e-9) for value in values)


def test_every_measure_of_a_check_is_one_of_the_cards() -> None:
    known = {name for check in ALL_CHECKS for name in advice.card(check.id).fixes}
    assert {name for fix in CATALOGUE.fixes.values() for name in fix.same_as} <= known
    assert not known & set(CATALOGUE.fixes)


@few
@given(firms, inspections, limits)
def test_plan_keeps_its_word_and_no_small_change_betters_it(
    firm: Sheet, findings: list[Finding], limits: Limits
) -> None:
    inspected = halved(findings)
    found = assess(CATALOGUE, firm, inspected, limits)
    known = known_measures(CATALOGUE, found.items, inspected)
    chosen = frozenset(each.fix for each in found.plan)
    assert is_allowed(chosen, known, found.items, limits)
    reached = worth([known[name] for name in chosen], found.items)
    neighbours = [chosen ^ {name} for name in known]
    neighbours += [(chosen - {one}) | {other} for one in chosen for other in list(known)[::3]]
    for some in neighbours:
        if is_allowed(some, known, found.items, limits):
            assert worth([known[name] for name in some], found.items) <= reached
    if found.score is not None and found.planned is not None:
        assert 0 <= found.score.low <= found.score.high <= 100
        assert sum(each.gain for each in found.plan) == pytest.approx(found.planned.low - found.score.low)


@few
@given(firms, inspections, st.integers(0, 1000), st.integers(0, 1500))
def test_more_to_spend_never_brings_less(firm: Sheet, findings: list[Finding], euro: int, minutes: int) -> None:
    of_each = []
    for spend in (Limits(0, minutes // 2), Limits(euro, minutes), Limits()):
        found = assess(CATALOGUE, firm, halved(findings), spend)
        known = known_measures(CATALOGUE, found.items, halved(findings))
        of_each.append(worth([known[each.fix] for each in found.plan], found.items)[:3])
    assert of_each == sorted(of_each)
