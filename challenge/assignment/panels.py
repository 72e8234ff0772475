"""The cheapest panels within the rules: loads as even as can be, then cities mixed, then what ids and seed decide."""

from collections import Counter
from collections.abc import Iterable, Sequence

from challenge.assignment.loads import Levels
from challenge.assignment.problem import FINENESS, Place, Problem
from challenge.assignment.program import Program
from challenge.errors import AssignmentError

Cut = frozenset[Place]
"""Pairs of which at least one must be: it links what would fall apart."""


def cheapest(problem: Problem, cuts: Sequence[Cut], levels: Levels) -> frozenset[Place] | None:
    """The best panels with these loads, or None where there are none."""
    program = _Panels(problem, cuts)
    program.keep_within(levels.low, levels.high)
    program.mix_cities()
    return program.chosen()


def most_even(problem: Problem, cuts: Sequence[Cut]) -> Levels | None:
    """The most even loads there are, where conflicts rule the usual ones out; None where there are none at all.

    They have the smallest sum of squares. Where nothing has to be linked, the greatest load is then the smallest
    possible, the second greatest the next smallest, and so on; ids and seed say whose it is.
    """
    program = _Panels(problem, cuts)
    program.even_out()
    chosen = program.chosen()
    if chosen is None:
        return None
    loads = Counter(juror for _, juror in chosen)
    fixed = tuple(loads[juror] for juror in range(len(problem.jurors)))
    return Levels(fixed, fixed)


def missing(problem: Problem) -> Counter[int]:
    """By entry, how many of its reads the jury cannot give; of all ways in which the fewest are missing, one."""
    program = _Panels(problem, (), may_miss=True)
    program.keep_within(problem.least, problem.most)
    values = program.solve() or []
    return +Counter({entry: round(values[column]) for entry, column in program.missing.items()})


class _Panels(Program):
    """The rules of a problem as a program. `may_miss`: reads may be left out, at a cost of 1; nothing else costs."""

    def __init__(self, problem: Problem, cuts: Iterable[Cut], *, may_miss: bool = False) -> None:
        super().__init__()
        self._problem = problem
        self._places = {place: self.column(0, place in problem.kept, is_whole=True) for place in problem.allowed}
        self._of_entry: list[list[int]] = [[] for _ in problem.entries]
        self._of_juror: list[list[int]] = [[] for _ in problem.jurors]
        for (entry, juror), column in self._places.items():
            self._of_entry[entry].append(column)
            self._of_juror[juror].append(column)
        self.missing = {entry: self.column(1, 0, needed) for entry, needed in enumerate(problem.needs) if may_miss}
        for entry, needed in enumerate(problem.needs):
            columns = [*self._of_entry[entry], *([self.missing[entry]] if may_miss else [])]
            self.row(dict.fromkeys(columns, 1), needed, needed)
        for group in problem.groups:
            if group.most < len(group.jurors):
                self.row(dict.fromkeys((self._places[group.entry, each] for each in group.jurors), 1), 0, group.most)
        for cut in cuts:
            self.row(dict.fromkeys((self._places[place] for place in cut), 1), 1, len(cut))

    def keep_within(self, low: Sequence[int], high: Sequence[int]) -> None:
        """Each juror's reads stay between these."""
        for columns, least, most in zip(self._of_juror, low, high, strict=True):
            self.row(dict.fromkeys(columns, 1), least, most)

    def even_out(self) -> None:
        """A juror's n-th read costs n times more than all that ids and seed decide; that costs too."""
        weight = self._problem.reads * FINENESS
        for columns, least, most in zip(self._of_juror, self._problem.least, self._problem.most, strict=True):
            steps = [self.column(weight * step) for step in range(least + 1, most + 1)]
            self.row({**dict.fromkeys(columns, 1), **dict.fromkeys(steps, -1)}, least, least)
        self._let_ids_decide()

    def mix_cities(self) -> None:
        """Each two readers of one entry from one city cost more than all that ids and seed decide; that costs too."""
        problem = self._problem
        weight = problem.reads * FINENESS
        for group in problem.groups:
            together = min(group.most, problem.needs[group.entry])
            further = [self.column(weight * count) for count in range(1, together)]
            if further:
                columns = [self._places[group.entry, juror] for juror in group.jurors]
                self.row({**dict.fromkeys(columns, 1), **dict.fromkeys(further, -1)}, -len(further), 1)
        self._let_ids_decide()

    def _let_ids_decide(self) -> None:
        for place, column in self._places.items():
            self.set_cost(column, self._problem.cost(place))

    def chosen(self) -> frozenset[Place] | None:
        """The pairs of the cheapest solution, counted again; None where there is none. Raises AssignmentError."""
        values = self.solve()
        if values is None:
            return None
        chosen = frozenset(place for place, column in self._places.items() if round(values[column]))
        readers = Counter(entry for entry, _ in chosen)
        if any(readers[entry] != needed for entry, needed in enumerate(self._problem.needs)):
            raise AssignmentError("the solver's panels do not stand counting them again")
        return chosen
