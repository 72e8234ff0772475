"""The plan's measures in the order in which to do them, each with what it brings after those before it."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from portal.assessments.sheets.items import Item, Key, raised
from portal.assessments.sheets.measures import Measure
from portal.assessments.sheets.plan import prerequisites, short_lifts
from portal.assessments.sheets.result import Planned
from portal.assessments.sheets.scoring import overall, shares


def planned(items: Sequence[Item], chosen: Sequence[Measure]) -> tuple[tuple[Planned, ...], tuple[Item, ...]]:
    """The plan in order, and the items as they are once it is done.

    What closes a critical gap comes first, then what mends an urgent finding (a certificate that is about to end),
    then what brings the most in a minute of work; what has to be done before a measure stands before it. Among equals
    the order of `chosen` holds.
    """
    made = []
    now = tuple(items)
    for measure in _in_order(now, chosen):
        lifts = short_lifts(items, measure)
        after = raised(now, lifts)
        made.append(_planned(measure, (now, after), tuple(dict.fromkeys(place[:2] for place in lifts))))
        now = after
    return tuple(made), now


def _planned(measure: Measure, change: tuple[tuple[Item, ...], tuple[Item, ...]], lifted: tuple[Key, ...]) -> Planned:
    before, after = change
    shown = [score.low if score else 0 for score in map(overall, change)]
    return Planned(
        fix=measure.id,
        gain=(shown[1] - shown[0]) / 10,
        cost_eur=measure.cost_eur,
        minutes=measure.minutes,
        closes=tuple(dict.fromkeys(name for name, _ in _closed(before, after))),
        questions=tuple(name for name, domain in lifted if not domain),
        findings=measure.findings,
        merged=measure.merged,
    )


def _in_order(items: tuple[Item, ...], chosen: Sequence[Measure]) -> Iterator[Measure]:
    share = shares(items)
    waits = prerequisites(items, chosen)
    left = {measure.id: measure for measure in chosen}
    now = items
    while left:
        goes = {name: _with_prerequisites(name, left, waits) for name in left}
        best = max(goes.values(), key=lambda go: _urgency(now, go, share))  # the first one among equals
        for measure in best:
            now = raised(now, short_lifts(items, measure))
            del left[measure.id]
            yield measure


def _with_prerequisites(name: str, left: Mapping[str, Measure], waits: Mapping[str, tuple[str, ...]]) -> list[Measure]:
    """A measure after all those left that it waits for, and these after theirs."""
    go: list[Measure] = []
    for first in waits[name]:
        if first in left:
            go += [each for each in _with_prerequisites(first, left, waits) if each not in go]
    return [*go, left[name]]


def _urgency(
    items: tuple[Item, ...], go: Sequence[Measure], share: Mapping[Key, Fraction]
) -> tuple[bool, bool, Fraction]:
    """Whether doing these closes a critical gap, whether the last of them is urgent, and how `low` rises a minute."""
    touched = {place[:2] for measure in go for place in measure.lifts}
    before = tuple(item for item in items if item.key in touched)
    after = before
    for measure in go:
        after = raised(after, short_lifts(items, measure))
    rise = sum((share[new.key] * (new.low - old.low) for old, new in zip(before, after, strict=True)), Fraction())
    return bool(_closed(before, after)), go[-1].is_urgent, rise / max(sum(measure.minutes for measure in go), 1)


def _closed(before: Sequence[Item], after: Sequence[Item]) -> tuple[Key, ...]:
    return tuple(old.key for old, new in zip(before, after, strict=True) if old.is_gap and not new.is_gap)
