"""The score in all and of each topic: exact fractions, rounded once, with a lid on it while a critical gap is open."""

from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from checks.score import Score
from portal.assessments.sheets.items import DOMAIN, Item
from portal.assessments.sheets.result import TOP_BAND

QUESTIONNAIRE_SHARE = Fraction(4, 5)
"""What the questionnaire counts beside a domain check, which counts the rest."""
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


def shares(items: Iterable[Item]) -> dict[str, Fraction]:
    """What each item counts in all, by its id: they add up to 1. Empty where nothing has a weight."""
    counted = list(items)
    parts = {
        of_domain: [item for item in counted if (item.topic == DOMAIN) is of_domain] for of_domain in (False, True)
    }
    totals = {of_domain: sum(item.weight for item in group) for of_domain, group in parts.items()}
    room = {False: QUESTIONNAIRE_SHARE, True: 1 - QUESTIONNAIRE_SHARE}
    present = sum(room[of_domain] for of_domain, total in totals.items() if total)
    return {
        item.id: room[of_domain] / present * Fraction(item.weight, totals[of_domain])
        for of_domain, group in parts.items()
        for item in group
    }


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
    weights = shares(counted)
    if not weights:
        return None
    return Tenths(
        _tenths(sum((weights[item.id] * item.low for item in counted), Fraction())),
        _tenths(sum((weights[item.id] * item.high for item in counted), Fraction())),
    )


def _tenths(points: Fraction) -> int:
    """As `checks.score` rounds, so that a domain's score is the same everywhere."""
    return round(10 * round(float(points), 1))
