"""What can be done: the catalogue's fixes and those of the failing findings, one measure where they are the same."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from checks import advice
from checks.contract import Finding, Status
from portal.assessments.catalogue import Catalogue, Fix
from portal.assessments.sheets.counting import judged
from portal.assessments.sheets.items import FULL, Item, Place, hundredths

Failing = Mapping[str, tuple[Finding, ...]]
"""Failing findings by the id of the fix that their cards name."""


class Measure(Struct, frozen=True):
    """One thing to do. `lifts`: to how many hundredths it brings which parts of the items there are.

    `cost_eur` is from and to; `requires` names measures to be done before. `findings` are the failing ones that it
    mends, `merged` the ids of the cards' fixes that it stands for.
    """

    id: str
    lifts: Mapping[Place, int]
    cost_eur: tuple[int, int]
    minutes: int
    requires: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    merged: tuple[str, ...] = ()


def measures(catalogue: Catalogue, items: Sequence[Item], findings: Sequence[Finding]) -> tuple[Measure, ...]:
    """Every measure that concerns these items: the catalogue's in its order, then those that only cards have."""
    counted = {item.id for item in items}
    failing = _failing([finding for finding in findings if finding.id in counted])
    places = _places(findings)
    made = [_of_catalogue(fix, counted, failing, places) for fix in catalogue.fixes.values()]
    merged = {name for measure in made for name in measure.merged}
    made += [
        Measure(name, _mending(mended, places), *_effort(name, mended), findings=mended, merged=(name,))
        for name, mended in failing.items()
        if name not in merged
    ]
    return tuple(measure for measure in made if measure.lifts)


def done_lifts(known: Sequence[Measure], done: frozenset[str]) -> dict[Place, int]:
    """What the measures ticked done have brought, whether they were ticked by their own or by a card's id."""
    return together(measure for measure in known if not done.isdisjoint({measure.id, *measure.merged}))


def together(chosen: Iterable[Measure]) -> dict[Place, int]:
    """To how many hundredths several measures bring the parts: the best of them counts."""
    found: dict[Place, int] = {}
    for measure in chosen:
        for place, value in measure.lifts.items():
            found[place] = max(value, found.get(place, 0))
    return found


def _of_catalogue(fix: Fix, counted: set[str], failing: Failing, places: Mapping[tuple[str, str], Place]) -> Measure:
    merged = tuple(name for name in failing if name in fix.same_as)
    mended = tuple(finding for name in merged for finding in failing[name])
    lifts = {(name, 0): hundredths(value) for name, value in fix.lifts.items() if name in counted}
    cost, minutes = fix.cost_eur, fix.minutes
    for name in merged:
        of_card, took = _effort(name, failing[name])
        cost, minutes = (max(cost[0], of_card[0]), max(cost[1], of_card[1])), max(minutes, took)
    return Measure(fix.id, lifts | _mending(mended, places), cost, minutes, fix.requires, mended, merged)


def _failing(findings: Sequence[Finding]) -> Failing:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.status is Status.FAIL and finding.fix is not None:
            found.setdefault(finding.fix.id, []).append(finding)
    return {name: tuple(group) for name, group in sorted(found.items())}


def _places(findings: Sequence[Finding]) -> dict[tuple[str, str], Place]:
    """Where each judged finding stands among the parts of its check's item, by its id and subject."""
    return {
        (finding.id, finding.subject): (check, number)
        for check in {finding.id for finding in findings}
        for number, finding in enumerate(judged(findings, check))
    }


def _mending(mended: Sequence[Finding], places: Mapping[tuple[str, str], Place]) -> dict[Place, int]:
    return {places[finding.id, finding.subject]: FULL for finding in mended}


def _effort(fix: str, mended: Sequence[Finding]) -> tuple[tuple[int, int], int]:
    """Euro from and to, and minutes: once for all subjects of a check, again for another check's fix of that name."""
    cards = [advice.card(check).fix(fix) for check in dict.fromkeys(finding.id for finding in mended)]
    cost = (sum(card.cost_eur[0] for card in cards), sum(card.cost_eur[1] for card in cards))
    return cost, sum(card.minutes for card in cards)
