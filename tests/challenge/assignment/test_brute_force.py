"""Small juries: what the solver takes for the best, against every assignment that there is."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from challenge.assignment.assigning import assign
from challenge.assignment.people import Entry, Juror, Pair
from challenge.assignment.problem import Problem, problem_of
from challenge.connectedness import is_connected, panel_links
from challenge.errors import AssignmentError, TooFewReadsError, UnconnectedPanelError, UnreadableEntriesError

Panels = tuple[tuple[str, ...], ...]
"""The jurors of each entry."""


class Jury:
    """Three or four entries, up to five jurors, two readers each."""

    def __init__(self, entries: list[Entry], jurors: list[Juror], conflicts: list[Pair], limit: int) -> None:
        self.entries, self.jurors, self.conflicts, self.limit = entries, jurors, conflicts, limit

    def all_panels(self) -> Iterator[Panels]:
        """Every assignment within the rules, linked or not, even or not."""
        for panels in product(*(list(self._readers(entry)) for entry in self.entries)):
            loads = self.loads(panels)
            if all(juror.max_reads is None or loads[juror.juror] <= juror.max_reads for juror in self.jurors):
                yield panels

    def _readers(self, entry: Entry) -> Iterator[tuple[str, ...]]:
        for chosen in combinations(self.jurors, 2):
            is_free = all(
                Pair(entry.entry, juror.juror) not in self.conflicts
                and not juror.organisation == entry.organisation != ""
                for juror in chosen
            )
            if is_free and sum(juror.city == entry.city != "" for juror in chosen) <= self.limit:
                yield tuple(juror.juror for juror in chosen)

    def loads(self, panels: Panels) -> Counter[str]:
        return Counter(name for panel in panels for name in panel)

    def pairs(self, panels: Panels) -> list[Pair]:
        return [Pair(entry.entry, name) for entry, panel in zip(self.entries, panels, strict=True) for name in panel]

    def is_linked(self, panels: Panels) -> bool:
        return is_connected(panel_links((pair.entry, pair.juror) for pair in self.pairs(panels)))

    def is_even(self, panels: Panels) -> bool:
        """Nobody reads two more than another who may read more."""
        loads, greatest = self.loads(panels), max(self.loads(panels).values())
        return all(
            greatest - loads[juror.juror] <= 1 or loads[juror.juror] >= self._most(juror) for juror in self.jurors
        )

    def _most(self, juror: Juror) -> int:
        barred = [
            entry
            for entry in self.entries
            if Pair(entry.entry, juror.juror) in self.conflicts or juror.organisation == entry.organisation != ""
        ]
        free = len(self.entries) - len(barred)
        return free if juror.max_reads is None else min(free, juror.max_reads)

    def of_one_city(self, panels: Panels) -> int:
        city = {juror.juror: juror.city for juror in self.jurors}
        return sum(city[one] == city[other] != "" for one, other in panels)

    def problem(self) -> Problem:
        return problem_of(
            self.entries, self.jurors, reads=2, conflicts=self.conflicts, home_city_limit=self.limit, kept=()
        )

    def cost(self, panels: Panels) -> int:
        """What ids and seed decide."""
        problem = self.problem()
        chosen = set(self.pairs(panels))
        return sum(problem.cost(place) for place in problem.allowed if problem.pair(place) in chosen)


@st.composite
def juries(draw: st.DrawFn) -> Jury:
    city, house = st.sampled_from(["", "Espoo", "Oslo"]), st.sampled_from(["", "", "A"])
    entries = [Entry(f"e{i}", draw(city), draw(house)) for i in range(draw(st.integers(3, 4)))]
    most = st.none() | st.integers(0, 4)
    jurors = [Juror(f"j{j}", draw(city), draw(house), draw(most)) for j in range(draw(st.integers(2, 5)))]
    every = [Pair(entry.entry, juror.juror) for entry in entries for juror in jurors]
    return Jury(entries, jurors, draw(st.lists(st.sampled_from(every), max_size=6)), draw(st.integers(0, 2)))


@given(juries())
def test_nothing_is_better(jury: Jury) -> None:
    every = list(jury.all_panels())
    linked = [panels for panels in every if jury.is_linked(panels)]
    even = [panels for panels in linked if jury.is_even(panels)]
    try:
        found = assign(jury.entries, jury.jurors, 2, jury.conflicts, jury.limit)
    except (UnreadableEntriesError, TooFewReadsError):
        assert not every
    except UnconnectedPanelError as error:
        assert not even
        assert error.needed is not None or not linked  # noqa: PT017 - the same
    else:
        chosen = next(panels for panels in linked if sorted(jury.pairs(panels)) == [*found.assignments])
        best = (
            min(even, key=lambda panels: (jury.of_one_city(panels), jury.cost(panels)))
            if even
            else _uneven(jury, linked)
        )
        assert (jury.of_one_city(chosen), jury.cost(chosen)) == (jury.of_one_city(best), jury.cost(best))
        assert jury.loads(chosen).total() == 2 * len(jury.entries)


def _uneven(jury: Jury, linked: list[Panels]) -> Panels:
    """The most even loads first, as ids and seed decide; then as always, with these loads."""
    first = min(linked, key=lambda panels: (sum(load**2 for load in jury.loads(panels).values()), jury.cost(panels)))
    same = [panels for panels in linked if jury.loads(panels) == jury.loads(first)]
    return min(same, key=lambda panels: (jury.of_one_city(panels), jury.cost(panels)))


def test_an_impossible_jury_is_always_an_assignment_error() -> None:
    for error in (UnreadableEntriesError, TooFewReadsError, UnconnectedPanelError):
        assert issubclass(error, AssignmentError)
