"""What can be done: the catalogue's fixes and those of the failing findings, one measure where they are the same."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from checks import advice
from checks.contract import Status
from checks.priority import any_urgent
from portal.assessments.catalogue import Catalogue, Fix
from portal.assessments.inspected import Found
from portal.assessments.sheets.counting import judged
from portal.assessments.sheets.items import FULL, Item, Key, Place, hundredths

Failing = Mapping[str, tuple[Found, ...]]
"""Failing findings by the id of the fix that their cards name."""
_Places = Mapping[tuple[str, str, str], Place]
"""By the id, the subject and the domain of a finding."""


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
    findings: tuple[Found, ...] = ()
    merged: tuple[str, ...] = ()

    @property
    def is_urgent(self) -> bool:
        """Whether it mends what the domain's own page says to fix now."""
        return any_urgent(self.findings)


def measures(catalogue: Catalogue, items: Sequence[Item], findings: Sequence[Found]) -> tuple[Measure, ...]:
    """Every measure that concerns these items: the catalogue's in its order, then those that only cards have."""
    counted = {item.key for item in items}
    failing = _failing([finding for finding in findings if (finding.id, finding.domain) in counted])
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


def _of_catalogue(fix: Fix, counted: set[Key], failing: Failing, places: _Places) -> Measure:
    merged = tuple(name for name in failing if name in fix.same_as)
    mended = tuple(finding for name in merged for finding in failing[name])
    lifts: dict[Place, int] = {
        (name, "", 0): hundredths(value) for name, value in fix.lifts.items() if (name, "") in counted
    }
    cost, minutes = fix.cost_eur, fix.minutes
    for name in merged:
        of_card, took = _effort(name, failing[name])
        cost, minutes = (max(cost[0], of_card[0]), max(cost[1], of_card[1])), max(minutes, took)
    return Measure(fix.id, lifts | _mending(mended, places), cost, minutes, fix.requires, mended, merged)


def _failing(findings: Sequence[Found]) -> Failing:
    found: dict[str, list[Found]] = {}
    for finding in findings:
        if finding.status is Status.FAIL and finding.fix is not None:
            found.setdefault(finding.fix.id, []).append(finding)
    return {name: tuple(group) for name, group in sorted(found.items())}


def _places(findings: Sequence[Found]) -> _Places:
    """Where each judged finding stands among the parts of its check's item."""
    return {
        (finding.id, finding.subject, finding.domain): (*item, number)
        for item in {(finding.id, finding.domain) for finding in findings}
        for number, finding in enumerate(judged(findings, item))
    }


def _mending(mended: Sequence[Found], places: _Places) -> dict[Place, int]:
    return {places[finding.id, finding.subject, finding.domain]: FULL for finding in mended}


def _effort(fix: str, mended: Sequence[Found]) -> tuple[tuple[int, int], int]:
    """Euro from and to, and minutes: once for all subjects of a check, again for another check's fix of that name.

    Each further domain costs as much again and takes half the time, rounded up: one knows by then how it is done.
    """
    low = high = minutes = 0
    for check in dict.fromkeys(finding.id for finding in mended):
        card = advice.card(check).fix(fix)
        times = _times([finding for finding in mended if finding.id == check])
        low, high = low + card.cost_eur[0] * times, high + card.cost_eur[1] * times
        minutes += card.minutes + (times - 1) * -(-card.minutes // 2)
    return (low, high), minutes


def _times(mended: Sequence[Found]) -> int:
    """In how many domains it is done; a mail server that two of them share is mended once."""
    known: set[str] = set()
    times = 0
    for domain in dict.fromkeys(finding.domain for finding in mended):
        subjects = {finding.subject for finding in mended if finding.domain == domain}
        times += not subjects <= known
        known |= subjects
    return times
