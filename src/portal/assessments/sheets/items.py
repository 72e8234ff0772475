"""What a score is made of: graded questions and judged checks, each with a weight and a value that may be uncertain."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

FULL = 100
HALF = 50
"""Below it a critical item is an open gap."""
DOMAIN = "domain"
"""The topic of the checks' items."""


class Part(Struct, frozen=True):
    """From the worst to the best that it may be, in hundredths: 0 to 100. Equal where it is known."""

    low: int
    high: int

    @property
    def is_known(self) -> bool:
        """Whether there is no doubt about it."""
        return self.low == self.high


class Item(Struct, frozen=True):
    """One question, or one domain check with a part for each of its findings. It is worth its worst part.

    `id`: the question's or the check's.
    """

    id: str
    topic: str
    weight: int
    parts: tuple[Part, ...]
    critical: bool = False

    @property
    def low(self) -> int:
        """What it is worth at worst, in hundredths."""
        return min(part.low for part in self.parts)

    @property
    def high(self) -> int:
        """What it is worth at best, in hundredths."""
        return min(part.high for part in self.parts)

    @property
    def is_gap(self) -> bool:
        """Whether it is critical and surely under one half."""
        return self.critical and self.high < HALF

    @property
    def may_be_gap(self) -> bool:
        """Whether it is critical and may be under one half."""
        return self.critical and self.low < HALF


def raised(item: Item, lifts: Mapping[int, int]) -> Item:
    """The item with parts (by their place) brought to at least that many hundredths."""
    parts = tuple(
        Part(max(part.low, lifts.get(place, 0)), max(part.high, lifts.get(place, 0)))
        for place, part in enumerate(item.parts)
    )
    return Item(item.id, item.topic, item.weight, parts, item.critical)


def mean(items: Iterable[Item]) -> tuple[Fraction, Fraction] | None:
    """The weighted mean of the items' low and high values, 0 to 100 and exact. None where nothing has a weight."""
    counted = list(items)
    total = sum(item.weight for item in counted)
    if not total:
        return None
    return (
        Fraction(sum(item.weight * item.low for item in counted), total),
        Fraction(sum(item.weight * item.high for item in counted), total),
    )
