"""The score in all and of each topic: exact fractions, rounded once, with a lid on it while a critical gap is open."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from checks.score import Score
from portal.assessments.sheets.items import Item, Key
from portal.assessments.sheets.result import TOP_BAND

QUESTIONNAIRE_SHARE = Fraction(4, 5)
"""What the questionnaire counts beside the domains, which share the rest equally."""
LID = TOP_BAND * 10 - 1
"""The most that can be reached while a critical gap is open, in tenths of a point."""


class Tenths(Struct, frozen=True):
    """A score in whole tenths of a point, as it is shown: 0 to 1000."""

    low: int
    high: int

    @property
    def score(self) -> Score:
        """The same in points."""
        return Score(self.low / 10, self.high / 10)


def shares(items: Iterable[Item]) -> dict[Key, Fraction]:
    """What each item counts in all, by its key: they add up to 1. Empty where nothing has a weight."""
    counted = list(items)
    units = {domain: share / total for domain, share, total in _groups(counted)}
    return {item.key: units[item.domain] * item.weight for item in counted}


def overall(items: Iterable[Item]) -> Tenths | None:
    """The score in all. `low` stays under the lid while a critical gap may be open, `high` while one surely is."""
    counted = list(items)
    found = plain(counted)
    if found is None:
        return None
    low = min(found.low, LID) if any(item.may_be_gap for item in counted) else found.low
    high = min(found.high, LID) if any(item.is_gap for item in counted) else found.high
    return Tenths(low, high)


def plain(items: Iterable[Item]) -> Tenths | None:
    """The weighted mean without the lid, as a topic has it. None where nothing applies."""
    counted = list(items)
    low = high = Fraction()
    groups = _groups(counted)
    for domain, share, total in groups:
        own = [item for item in counted if item.domain == domain]
        low += share * sum(item.weight * item.low for item in own) / total
        high += share * sum(item.weight * item.high for item in own) / total
    return Tenths(_tenths(low), _tenths(high)) if groups else None


def _groups(items: Sequence[Item]) -> list[tuple[str, Fraction, int]]:
    """The questionnaire (an empty name) and each domain, where there is anything of it: its share and whole weight."""
    totals: dict[str, int] = {}
    for item in items:
        totals[item.domain] = totals.get(item.domain, 0) + item.weight
    present = {domain: total for domain, total in totals.items() if total}
    of_each = (1 - QUESTIONNAIRE_SHARE) / max(len(present.keys() - {""}), 1)
    room = {domain: of_each if domain else QUESTIONNAIRE_SHARE for domain in present}
    return [(domain, room[domain] / sum(room.values()), total) for domain, total in present.items()]


def _tenths(points: Fraction) -> int:
    """As `checks.score` rounds, so that a domain's score is the same everywhere."""
    return round(10 * round(float(points), 1))
