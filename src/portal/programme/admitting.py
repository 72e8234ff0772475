"""Which changes the figures take in this week, and which wait: the rule by which a difference of weeks reveals nobody.

All figures of a city are made of one and the same set of parts. A change (a firm comes, goes, or answers otherwise) is
taken in only together with so many others that in each group which changes at all, at least `LEAST` firms do; and no
group is left with fewer than that. Who has to wait is in no figure, nor in any total.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from portal.programme.contributing import DIMENSIONS, Part
from portal.programme.sums import group, groups_of

LEAST = 10
"""So many firms, or none."""
TOGETHER = "together"
"""In place of a value of which there are too few: such firms are counted with others of which there are too few."""


class Change(Struct, frozen=True):
    """What became of one unit. `before`: its parts in the figures (two where two sheets became one firm's).

    `after`: its part now; None where it is no assessment of the city any more. As waiting, `after` names the firm's own
    values; as admitted, the groups in which it is counted.
    """

    unit: str
    before: tuple[Part, ...]
    after: Part | None


class Admitted(Struct, frozen=True):
    """`without_gone`: whether the figures let go of firms whose sheets were deleted since; else these still count."""

    changes: tuple[Change, ...]
    without_gone: bool


def admit(waiting: Iterable[Change], standing: Mapping[str, int], gone: Mapping[str, int]) -> Admitted:
    """The most that may be taken in at once, found by leaving out what may not until nothing is left to leave out.

    `standing`: firms by group in the figures as they are, the gone ones among them; `gone`: these alone.
    """
    choice = _Choice(list(waiting), standing, {name: count for name, count in gone.items() if count})
    while choice.leaves_something_out():
        pass
    return Admitted(tuple(choice.placed()), without_gone=choice.without_gone)


class _Choice:
    """What is left of the changes while groups that would reveal somebody are being taken care of."""

    def __init__(self, waiting: list[Change], standing: Mapping[str, int], gone: Mapping[str, int]) -> None:
        self.waiting = waiting
        self.standing = standing
        self.gone = gone
        self.without_gone = bool(gone)
        self.folded: set[str] = set()

    def placed(self) -> list[Change]:
        """The changes, each in the groups in which it would be counted."""
        return [self._placed(change) for change in self.waiting]

    def leaves_something_out(self) -> bool:
        """Takes one step; False where all that is left may be taken in."""
        placed = self.placed()
        moved = self._moved(placed)
        unsafe = self._unsafe(placed, moved)
        if not unsafe:
            return False
        foldable = {name for name in unsafe if self._is_foldable(name)} or self._fillers(unsafe, moved)
        if foldable:
            self.folded |= foldable
            return True
        kept = [change for change, at in zip(self.waiting, placed, strict=True) if unsafe.isdisjoint(touched(at))]
        if len(kept) == len(self.waiting):
            self.without_gone = False
        self.waiting = kept
        return True

    def _moved(self, placed: Sequence[Change]) -> Counter[str]:
        """By group, how many firms would change."""
        moved = Counter(name for change in placed for name in touched(change))
        if self.without_gone:
            moved.update(self.gone)
        return moved

    def _unsafe(self, placed: Sequence[Change], moved: Mapping[str, int]) -> set[str]:
        """Groups in which fewer than `LEAST` firms would change, or be left."""
        sizes = Counter(self.standing)
        for change in placed:
            sizes.subtract(name for part in change.before for name in groups_of(part))
            sizes.update(groups_of(change.after) if change.after else ())
        if self.without_gone:
            sizes.subtract(self.gone)
        return {name for name, count in moved.items() if 0 < count < LEAST or 0 < sizes[name] < LEAST}

    def _fillers(self, unsafe: set[str], moved: Mapping[str, int]) -> set[str]:
        """Where those counted together are too few themselves: the smallest group that may join them, if it is small.

        So nobody waits only because one more group would have to give up its own line.
        """
        found = set()
        for lacking in unsafe:
            dimension = lacking.partition(":")[0]
            small = [
                (count, name)
                for name, count in moved.items()
                if name.startswith(f"{dimension}:") and self._is_foldable(name) and 0 < count < 2 * LEAST
            ]
            if lacking == group(dimension, TOGETHER) and small:
                found.add(min(small)[1])
        return found

    def _is_foldable(self, name: str) -> bool:
        """A group that nobody is in yet; those who would begin it can be counted together with others."""
        return not self.standing.get(name) and name not in self.folded and not name.endswith(f":{TOGETHER}")

    def _placed(self, change: Change) -> Change:
        if change.after is None:
            return change
        places = {each: self._place(each, change.after.places[each]) for each in DIMENSIONS}
        return replace(change, after=replace(change.after, places=places))

    def _place(self, dimension: str, value: str) -> str:
        return TOGETHER if group(dimension, value) in self.folded else value


def touched(change: Change) -> set[str]:
    """The groups whose figures it changes, each once, however many sheets the firm had."""
    parts = [*change.before, *([change.after] if change.after else [])]
    return {name for part in parts for name in groups_of(part)}
