"""The best set of measures within a firm's limits, by an exact integer program.

First as many critical gaps as can be are closed, then as many urgent findings as can be are mended, then `low` rises as
far as it can, then with the fewest minutes, then with the fewest euro. Only what is surely short counts: what nobody
knows is not in the plan.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import lcm

from portal.assessments.sheets.items import FULL, HALF, Item, Place
from portal.assessments.sheets.measures import Measure
from portal.assessments.sheets.program import Program, Row, solve
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.scoring import shares


def best_plan(items: Sequence[Item], known: Sequence[Measure], limits: Limits) -> tuple[Measure, ...]:
    """The measures of the plan, in the order of `known`. Empty where nothing that is surely short can be mended.

    Raises:
        PlanError: see `portal.assessments.sheets.program`.
    """
    pool = _pool(items, known)
    if not pool:
        return ()
    chosen = solve(_program(items, pool, limits))
    return tuple(measure for number, measure in enumerate(pool) if number in chosen)


def short_lifts(items: Iterable[Item], measure: Measure) -> dict[Place, int]:
    """What a measure lifts among the parts that are known to be lower."""
    return {
        (*item.key, number): measure.lifts[(*item.key, number)]
        for item in items
        for number, part in enumerate(item.parts)
        if part.is_known and part.low < measure.lifts.get((*item.key, number), 0)
    }


def prerequisites(items: Sequence[Item], known: Sequence[Measure]) -> dict[str, tuple[str, ...]]:
    """What each measure must wait for, by id: those that it requires and that still have anything to bring."""
    lows = {(*item.key, number): part.low for item in items for number, part in enumerate(item.parts)}
    pending = {each.id for each in known if any(lows[place] < value for place, value in each.lifts.items())}
    return {measure.id: tuple(name for name in measure.requires if name in pending) for measure in known}


def _pool(items: Sequence[Item], known: Sequence[Measure]) -> tuple[Measure, ...]:
    """Whatever lifts something that is surely short, and all that it waits for."""
    waits = prerequisites(items, known)
    wanted = {measure.id for measure in known if short_lifts(items, measure)}
    fresh = wanted
    while fresh:
        fresh = {name for measure in fresh for name in waits[measure]} - wanted
        wanted |= fresh
    return tuple(measure for measure in known if measure.id in wanted)


def _program(items: Sequence[Item], pool: Sequence[Measure], limits: Limits) -> Program:
    numbers = {measure.id: number for number, measure in enumerate(pool)}
    waits = prerequisites(items, pool)
    rows: list[tuple[Row, int]] = [
        ({numbers[measure.id]: 1, numbers[name]: -1}, 0) for measure in pool for name in waits[measure.id]
    ]
    minutes = {number: measure.minutes for number, measure in enumerate(pool)}
    euro = {number: measure.cost_eur[0] for number, measure in enumerate(pool)}
    rows += [(row, limit) for row, limit in ((minutes, limits.minutes), (euro, limits.budget_eur)) if limit is not None]
    gaps, urgent, steps = list(_gaps(items, pool)), list(_urgent(items, pool)), list(_steps(items, pool))
    first_urgent = len(pool) + len(gaps)
    first_step = first_urgent + len(urgent)
    aims: list[Row] = [
        dict.fromkeys(range(len(pool), first_urgent), 1),
        dict.fromkeys(range(first_urgent, first_step), 1),
        {first_step + place: worth for place, (worth, _) in enumerate(steps)},
        *({number: -value for number, value in least.items()} for least in (minutes, euro)),
        {number: -place for place, number in enumerate(numbers.values(), start=1)},  # among equals, the first ones
    ]
    return Program(len(pool), [*gaps, *urgent, *(groups for _, groups in steps)], rows, aims)


Groups = tuple[tuple[int, ...], ...]
"""For each part that is short, the numbers of the measures that bring it far enough."""


def _gaps(items: Sequence[Item], pool: Sequence[Measure]) -> Iterator[Groups]:
    """What closes each gap that is surely open and can be closed."""
    for item in items:
        if item.is_gap:
            groups = _reaching(item, HALF, pool, only_known=True)
            if all(groups):
                yield groups


def _urgent(items: Sequence[Item], pool: Sequence[Measure]) -> Iterator[Groups]:
    """What mends each urgent finding that can be mended. Few points hang on a certificate that ends in days."""
    for item in items:
        for place, part in enumerate(item.parts):
            mending = tuple(
                number for number, measure in enumerate(pool) if measure.lifts.get((*item.key, place), 0) == FULL
            )
            if part.urgent and part.low < FULL and mending:
                yield (mending,)


def _steps(items: Sequence[Item], pool: Sequence[Measure]) -> Iterator[tuple[int, Groups]]:
    """Each step by which an item can rise: what it is worth, in one unit for all, and what brings it there."""
    share = shares(items)
    unit = lcm(*(each.denominator for each in share.values()))
    for item in items:
        for below, level in pairwise(_levels(item, pool)):
            groups = _reaching(item, level, pool, only_known=False)
            if all(groups):
                yield int(share[item.key] * unit) * (level - below), groups


def _levels(item: Item, pool: Sequence[Measure]) -> list[int]:
    """What the item may come to be worth, from what it is worth now; it is worth its worst part."""
    targets = {measure.lifts.get((*item.key, number), 0) for measure in pool for number in range(len(item.parts))}
    return sorted({item.low} | {value for value in targets | {part.low for part in item.parts} if value > item.low})


def _reaching(item: Item, level: int, pool: Sequence[Measure], *, only_known: bool) -> Groups:
    """For each part below that level, who brings it there; a part that nobody knows is brought nowhere."""
    return tuple(
        tuple(
            number
            for number, measure in enumerate(pool)
            if part.is_known and measure.lifts.get((*item.key, place), 0) >= level
        )
        for place, part in enumerate(item.parts)
        if part.low < level and (part.is_known or not only_known)
    )
