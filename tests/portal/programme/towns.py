"""Made-up cities whose firms come, go and change their answers, week by week, and what an attacker makes of it."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace
from scipy.optimize import linprog

from checks.contract import Json
from portal.assessments.catalogue import Catalogue, current
from portal.programme.contributing import DIMENSIONS, Part
from portal.programme.disclosing import Table
from portal.programme.publishing import State, concerning
from portal.programme.snapshots import Renewed, renewed
from portal.programme.sums import ALL, FIRMS, Sums, groups_of, of_json, summed

LEAST = 10
SECTORS = ("food", "trade", "shop", "office", "care", "making", "transport", "other")
SIZES = ("1", "2-9", "10-49", "50-249")
ITEMS = ("mail-mfa", "leavers", "shop-sign-in", "dns.caa", "backup")


@dataclass
class Town:
    """One city. `live`: its firms as they are; `inside`: as they stand in the figures, deleted ones too."""

    dice: random.Random
    catalogue: Catalogue = field(default_factory=current)
    live: dict[str, Part] = field(default_factory=dict)
    kept: dict[str, Part] = field(default_factory=dict)
    inside: dict[str, Part] = field(default_factory=dict)
    states: list[State] = field(default_factory=lambda: [State()])
    published: list[dict[str, Json]] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.sectors = self.dice.sample(SECTORS, self.dice.randint(1, 8))
        self.sector_weights = [self.dice.choice((1, 1, 3, 10)) for _ in self.sectors]
        self.weights = self.sector_weights
        self.size_weights = [self.dice.choice((0.2, 1, 5)) for _ in SIZES]
        self.chances = {item: self.dice.choice((0.02, 0.3, 0.5, 0.9, 1.0)) for item in ITEMS}

    def firm(self, month: str) -> Part:
        """A new one."""
        size = self.dice.choices(SIZES, self.size_weights)[0]
        places = {"sector": self.dice.choices(self.sectors, self.weights)[0], "size": size, "month": month}
        asked = [item for item in ITEMS if self._is_asked(item, size)]
        return self._answered(Part(places, asked=tuple(sorted(asked))))

    def _is_asked(self, item: str, size: str) -> bool:
        if item == "leavers" and size == "1":
            return False
        return item not in {"shop-sign-in", "dns.caa"} or self.dice.random() < 0.4

    def _answered(self, part: Part) -> Part:
        short = tuple(item for item in part.asked if self.dice.random() < self.chances[item])
        return replace(part, short=short)

    def goes_on(self, month: str, joins: int, changes: int, leaves: int) -> None:
        """What happens in a week."""
        self.weights = [weight * self.dice.choice((0, 1, 1)) + 0.01 for weight in self.sector_weights]
        for _ in range(joins):
            self.number += 1
            self.live[f"firm{self.number}"] = self.firm(month)
        for name in self._some(changes):
            self.live[name] = self._answered(self.live[name])
        for name in self._some(leaves):
            del self.live[name]
            if self.dice.random() < 0.6:  # deleted, with what it added; else it left the city only
                self.kept.pop(name, None)

    def _some(self, count: int) -> list[str]:
        """Anybody, or those of a few sectors: the others' figures then stay as they are."""
        wanted = self.dice.sample(self.sectors, self.dice.randint(1, len(self.sectors)))
        some = sorted(name for name, part in self.live.items() if part.places["sector"] in wanted)
        return self.dice.sample(some, min(count, len(some)))

    def snapshot(self) -> Renewed:
        """This week's, from the one before."""
        week = f"2026-W{len(self.published) + 1:02}"
        found = renewed(self.catalogue, self.states[-1], week, list(self.kept.items()), self.live)
        gone = set(self.inside) - set(self.kept)
        for change in found.admitted.changes:
            for kept in (self.kept, self.inside):
                kept.pop(change.unit, None)
                if change.after is not None:
                    kept[change.unit] = change.after
        if found.admitted.without_gone:
            for name in gone - {change.unit for change in found.admitted.changes}:
                del self.inside[name]
        self.states.append(found.state)
        self.published.append(found.cells)
        return found


def grown(seed: int, weeks: int = 8) -> Iterator[tuple[Town, dict[str, Part], Renewed]]:
    """A city at random: for each week, who was in the figures before, and what came of it."""
    dice = random.Random(seed)  # noqa: S311 - a made-up city
    town = Town(dice)
    busy = dice.choice((3, 15, 40, 80))
    for week in range(weeks):
        month = f"2026-{9 + week // 4:02}"
        town.goes_on(month, dice.randint(0, busy), dice.randint(0, busy * 2), dice.choice((0, 0, 1, 5, busy)))
        before = dict(town.inside)
        yield town, before, town.snapshot()


def changed_firms(before: Mapping[str, Part], after: Mapping[str, Part]) -> Counter[str]:
    """By group, how many firms came, went or changed in it."""
    found: Counter[str] = Counter()
    for name in {*before, *after}:
        if before.get(name) != after.get(name):
            parts = [each for each in (before.get(name), after.get(name)) if each is not None]
            found.update({group for part in parts for group in (ALL, *groups_of(part))})
    return found


def sums_of(town: Town) -> Sums:
    """Of who is in the figures, counted apart."""
    return summed(town.inside.values())


@dataclass(frozen=True)
class Bounds:
    """What the attacker knows of one hidden count: between `low` and `high`, of `asked` firms."""

    item: str
    group: str
    low: float
    high: float
    asked: int
    true: int


def attacked(states: list[State], town: Town) -> Iterator[Bounds]:
    """Every count that was ever hidden, as the solver bounds it from all that was ever published.

    The attacker knows even how many firms were asked in each group, and in which weeks a group changed.
    """
    for item in ITEMS:
        history: dict[str, tuple[Table, Sums]] = {}
        for state in states:
            table = state.tables.get(item)
            if table is not None and table.week not in history:
                history[table.week] = (table, of_json(state.sums))
        for dimension in DIMENSIONS:
            yield from _solved(item, dimension, list(history.values()), town)


def _solved(item: str, dimension: str, history: list[tuple[Table, Sums]], town: Town) -> Iterator[Bounds]:
    concerns = concerning(town.catalogue, item)
    index: dict[tuple[str, int], int] = {}
    asked, true, hidden = [], [], set()
    equations: list[tuple[dict[int, float], float]] = []
    for table, sums in history:
        row: dict[int, float] = defaultdict(float)
        for name in [name for name in table.ages if name.startswith(f"{dimension}:") and sums[name, FIRMS]]:
            if not concerns(name):
                continue
            place = index.setdefault((name, table.ages[name]), len(index))
            if place == len(asked):
                asked.append(sums[name, f"asked:{item}"])
                true.append(sums[name, f"short:{item}"])
            row[place] = 1.0
            if name in table.cells:
                equations.append(({place: 1.0}, table.cells[name].short))
            else:
                hidden.add(place)
        equations.append((dict(row), table.whole.short))
    if not hidden:
        return
    left = np.zeros((len(equations), len(index)))
    for number, (row, _) in enumerate(equations):
        for place, factor in row.items():
            left[number, place] = factor
    right = [value for _, value in equations]
    names = {place: name for (name, _), place in index.items()}
    for place in hidden:
        low, high = (_extreme(left, right, asked, place, sign) for sign in (1.0, -1.0))
        yield Bounds(item, names[place], low, high, asked[place], true[place])


def _extreme(left: np.ndarray, right: list[float], asked: list[int], place: int, sign: float) -> float:  # type: ignore[type-arg]
    cost = np.zeros(left.shape[1])
    cost[place] = sign
    found = linprog(cost, A_eq=left, b_eq=right, bounds=[(0, most) for most in asked], method="highs")
    assert found.status == 0, found.message
    return float(sign * found.fun)
