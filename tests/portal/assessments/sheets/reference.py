"""What a plan is worth, counted from the specification and from nothing else: what plans are held against."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from portal.assessments.catalogue import Catalogue
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.counting import counted_findings
from portal.assessments.sheets.items import Item
from portal.assessments.sheets.measures import Measure, measures
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet
from tests.portal.assessments.sheets.making import subsets

Worth = tuple[int, int, Fraction, int, int]
"""Gaps closed, urgent findings mended, points, and less what it takes: minutes, then euro."""


def best(made: Catalogue, given: Sheet, inspected: Sequence[Inspected], limits: Limits) -> Worth:
    """By trying every set of measures: gaps closed, urgent findings mended, points, minutes and euro left unspent."""
    start = assess(made, given, inspected, Limits(0, 0)).items
    known = known_measures(made, start, inspected)
    allowed = (some for some in subsets([*known]) if is_allowed(some, known, start, limits))
    return max(worth([known[name] for name in sorted(some)], start) for some in allowed)


def is_allowed(some: frozenset[str], known: dict[str, Measure], items: tuple[Item, ...], limits: Limits) -> bool:
    lows = {(*item.key, place): part.low for item in items for place, part in enumerate(item.parts)}
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
    closed, mended, points = 0, 0, {item.domain: Fraction() for item in items}
    for item in items:
        lows, surely = [], []
        for place, part in enumerate(item.parts):
            reached = max([part.low, *(each.lifts.get((*item.key, place), 0) for each in some)])
            lows.append(reached if part.low == part.high else part.low)
            surely.append(reached if part.low == part.high else part.high)
            mended += part.urgent and part.low < 100 and reached == 100
        was_gap = item.critical and min(part.high for part in item.parts) < 50
        closed += was_gap and min(surely) >= 50
        points[item.domain] += item.weight * min(lows)
    totals = {which: sum(item.weight for item in items if item.domain == which) for which in points}
    domains = len(totals.keys() - {""})
    room = {which: Fraction(1, 5 * domains) if which else Fraction(4, 5) for which in totals}
    total = sum(room[which] * points[which] / totals[which] for which in points)
    spent = (-sum(each.minutes for each in some), -sum(each.cost_eur[0] for each in some))
    return closed, mended, Fraction(total), *spent


def known_measures(made: Catalogue, items: tuple[Item, ...], inspected: Sequence[Inspected]) -> dict[str, Measure]:
    return {measure.id: measure for measure in measures(made, items, counted_findings(inspected))}
