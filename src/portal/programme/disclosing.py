"""Which of a question's figures may be shown, and which are hidden so that none can be got back by subtracting.

The firms of a group that are asked fall into those short of what is needed and the rest. A figure is shown where both
are at least `LEAST`. The others are hidden in blocks: several groups of one dimension of which no more is known than
their sum, and that sum leaves each of them open by at least `LEAST` firms (`is_open`). A block stays as long as nothing
in it changes, and ends only when all of it has changed, so that no two weeks' sums can be taken from each other. Where
that cannot be had, the question's figures stay those of the week before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from portal.programme.admitting import LEAST
from portal.programme.contributing import DIMENSIONS
from portal.programme.sums import ALL, FIRMS, Sums

Ages = Mapping[str, int]
"""By group, how often it has changed: as long as its age is the same, so are all its sums."""


class Shown(Struct, frozen=True):
    """One figure: of so many `firms`, so many are `short`."""

    firms: int
    short: int


class Table(Struct, frozen=True):
    """A question's figures as they were last shown. `cells`: by group; `blocks`: what is hidden, as the module says.

    `ages`: of all groups there were then. `is_shown`: whether they still are; they are kept because people know them.
    """

    week: str
    whole: Shown
    cells: dict[str, Shown]
    blocks: tuple[tuple[str, ...], ...]
    ages: dict[str, int]
    is_shown: bool = True


class Week(Struct, frozen=True):
    """What this week's tables are made of."""

    name: str
    sums: Sums
    ages: Ages


class _Dimension(Struct, frozen=True):
    shown: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]


class _Counts(Struct, frozen=True):
    """The exact counts of one question: by group, how many are asked and how many of them fall short."""

    sums: Sums
    item: str

    def asked(self, groups: Iterable[str]) -> int:
        return sum(self.sums[name, f"asked:{self.item}"] for name in groups)

    def short(self, groups: Iterable[str]) -> int:
        return sum(self.sums[name, f"short:{self.item}"] for name in groups)

    def may_be_shown(self, *groups: str) -> bool:
        return min(self.short(groups), self.asked(groups) - self.short(groups)) >= LEAST

    def shown(self, name: str) -> Shown:
        return Shown(self.sums[name, FIRMS], self.short([name]))


def tabled(item: str, week: Week, before: Table | None, concerns: Callable[[str], bool]) -> Table | None:
    """The question's figures for this week: new ones, those of the week before, or None where there are none.

    `concerns`: whether a group can be asked it at all; everybody knows of those that are not, so they hide nothing.
    """
    counts, ages = _Counts(week.sums, item), week.ages
    if not counts.may_be_shown(ALL):
        return replace(before, is_shown=False) if before else None
    if before and before.ages[ALL] == ages[ALL]:
        return before
    found = []
    for dimension in DIMENSIONS:
        groups = [name for name in sorted(ages) if name.startswith(f"{dimension}:") and week.sums[name, FIRMS]]
        one = _dimension(counts, [name for name in groups if concerns(name)], ages, _of(before, dimension))
        if one is None:
            return before
        found.append(one)
    return Table(
        week=week.name,
        whole=counts.shown(ALL),
        cells={name: counts.shown(name) for one in found for name in one.shown},
        blocks=tuple(block for one in found for block in one.blocks),
        ages=dict(ages),
    )


def is_open(counts: Sequence[tuple[int, int]]) -> bool:
    """Whether a block's sum leaves each of its groups open: for each, how many are asked and how many fall short.

    Who knows the sum, and at worst how many are asked in each group, knows of each that it lies between what the
    others cannot take and what it can take itself. That has to be `LEAST` wide, or all that was possible anyway.
    """
    asked, short = sum(one for one, _ in counts), sum(one for _, one in counts)
    if min(short, asked - short) < LEAST:
        return False
    return all(min(own, short) - max(0, short - (asked - own)) >= min(LEAST, own) for own, _ in counts)


def _of(before: Table | None, dimension: str) -> Table | None:
    """The part of it that is about one dimension."""
    if before is None:
        return None
    own = tuple(block for block in before.blocks if block[0].startswith(f"{dimension}:"))
    return replace(before, blocks=own)


def _dimension(counts: _Counts, groups: Sequence[str], ages: Ages, before: Table | None) -> _Dimension | None:
    """What to show and hide of one dimension; None where it cannot be done."""
    changed = {name for name in ages if before is None or before.ages.get(name) != ages[name]}
    kept = []
    for block in before.blocks if before else ():
        if changed.isdisjoint(block):
            kept.append(block)
        elif not changed.issuperset(block):
            return None
    hidden = [name for name in groups if name in changed and not counts.may_be_shown(name)]
    spare = sorted(changed.intersection(groups) - set(hidden), key=lambda name: (counts.asked([name]), name))
    while hidden and not is_open([(counts.asked([name]), counts.short([name])) for name in hidden]):
        if not spare:
            return None
        hidden.append(spare.pop(0))
    blocks = (*kept, tuple(sorted(hidden))) if hidden else tuple(kept)
    covered = {name for block in blocks for name in block}
    return _Dimension(tuple(name for name in groups if name not in covered), blocks)
