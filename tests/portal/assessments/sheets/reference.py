"""What a plan is worth, counted from the specification and from nothing else: what plans are held against."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from checks.contract import Finding
from portal.assessments.catalogue import Catalogue
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.items import Item
from portal.assessments.sheets.measures import Measure, measures
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet
from tests.portal.assessments.sheets.making import subsets

Worth = tuple[int, Fraction, int, int]
"""Gaps closed, points, and less what it takes: minutes, then euro."""


def best(made: Catalogue, given: Sheet, findings: Sequence[Finding], limits: Limits) -> Worth:
    """By trying every set of measures: gaps closed, points, minutes and euro left unspent."""
    start = assess(made, given, findings, Limits(0, 0)).items
    known = known_measures(made, start, findings)
    allowed = (some for some in subsets([*known]) if is_allowed(some, known, start, limits))
    return max(worth([known[name] for name in sorted(some)], start) for some in allowed)


def is_allowed(some: frozenset[str], known: dict[str, Measure], items: tuple[Item, ...], limits: Limits) -> bool:
    lows = {(item.id, place): part.low for item in items for place, part in enumerate(item.parts)}
    for name in some:
        for first in known[name].requires:
            is_pending = first in known and any(lows[at] < value for at, value in known[first].lifts.items())
            if is_pending and first not in some:
                return False
    minutes = sum(known[name].minutes for name in some)
    euro = sum(known[name].cost_eur[0] for name in some)
    return (limits.minutes is None or minutes <= limits.minutes) and (
        limits.budget_eur is None or euro <= limits.budget_eur
    )


def worth(some: Iterable[Measure], items: tuple[Item, ...]) -> Worth:
    some = list(some)
    closed, points = 0, {True: Fraction(), False: Fraction()}
    for item in items:
        lows, surely = [], []
        for place, part in enumerate(item.parts):
            reached = max([part.low, *(each.lifts.get((item.id, place), 0) for each in some)])
            lows.append(reached if part.low == part.high else part.low)
            surely.append(reached if part.low == part.high else part.high)
        was_gap = item.critical and min(part.high for part in item.parts) < 50
        closed += was_gap and min(surely) >= 50
        points[item.topic == "domain"] += item.weight * min(lows)
    totals = {which: sum(item.weight for item in items if (item.topic == "domain") is which) for which in points}
    room = {False: Fraction(4, 5), True: Fraction(1, 5)}
    total = sum(room[which] * points[which] / totals[which] for which in points if totals[which])
    return closed, Fraction(total), -sum(each.minutes for each in some), -sum(each.cost_eur[0] for each in some)


def known_measures(made: Catalogue, items: tuple[Item, ...], findings: Sequence[Finding]) -> dict[str, Measure]:
    told = sorted(findings, key=lambda one: (one.id, one.subject))
    return {measure.id: measure for measure in measures(made, items, told)}
