"""What a score is made of: graded questions and judged checks, each with a weight and a value that may be uncertain."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

FULL = 100
HALF = 50
"""Below it a critical item is an open gap."""
DOMAIN = "domain"
"""The topic of the checks' items."""

Key = tuple[str, str]
"""An item's id, and the domain that it is about; empty for a question."""
Place = tuple[str, str, int]
"""Where a part stands: the two of its item's key, and its number among the parts, from 0."""


class Part(Struct, frozen=True):
    """From the worst to the best that it may be, in hundredths: 0 to 100. Equal where it is known.

    `urgent`: a finding that the domain's own page says to fix now.
    """

    low: int
    high: int
    urgent: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is no doubt about it."""
        return self.low == self.high


class Item(Struct, frozen=True):
    """One question, or one check of one domain with a part for each of its findings. It is worth its worst part.

    `id`: the question's or the check's. `domain`: whose check it is; empty for a question.
    """

    id: str
    topic: str
    weight: int
    parts: tuple[Part, ...]
    critical: bool = False
    domain: str = ""

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return self.id, self.domain

    @property
    def is_known(self) -> bool:
        """Whether there is no doubt about any of its parts."""
        return all(part.is_known for part in self.parts)

    @property
    def low(self) -> int:
        """What it is worth at worst, in hundredths."""
        return min(part.low for part in self.parts)

    @property
    def high(self) -> int:
        """What it is worth at best, in hundredths."""
        return min(part.high for part in self.parts)

    @property
    def is_short(self) -> bool:
        """Whether it is surely under one half, critical or not."""
        return self.high < HALF

    @property
    def is_gap(self) -> bool:
        """Whether it is critical and surely under one half."""
        return self.critical and self.is_short

    @property
    def may_be_gap(self) -> bool:
        """Whether it is critical and may be under one half."""
        return self.critical and self.low < HALF


def hundredths(value: float) -> int:
    """A value from 0 to 1 as a whole number, so that nothing is lost in adding up."""
    return round(value * FULL)


def raised(items: Iterable[Item], lifts: Mapping[Place, int]) -> tuple[Item, ...]:
    """The items with the parts at these places brought to at least so many hundredths."""
    return tuple(
        replace(item, parts=tuple(_raised(item, lifts)))
        if any((*item.key, number) in lifts for number in range(len(item.parts)))
        else item
        for item in items
    )


def _raised(item: Item, lifts: Mapping[Place, int]) -> Iterator[Part]:
    for number, part in enumerate(item.parts):
        least = lifts.get((*item.key, number), 0)
        yield replace(part, low=max(part.low, least), high=max(part.high, least))
