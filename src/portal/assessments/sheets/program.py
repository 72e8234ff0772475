"""A small integer program, solved exactly, one aim after the other (scipy's `milp`, HiGHS)."""

from collections.abc import Mapping, Sequence
from math import gcd
from typing import Any

from msgspec import Struct

from portal.errors import PlanError

Row = Mapping[int, int]
"""Whole coefficients of a sum of variables, by the variables' numbers."""


class Program(Struct, frozen=True):
    """`choices`: how many variables may be chosen (1) or not (0).

    `effects`: further variables, numbered after the choices. Each is 1 where in every one of its groups at least one
    choice is chosen, else 0. No row of `at_most`, over choices, exceeds its limit. The `aims`, over both, are made
    as great as can be in their order: a later one never at the cost of an earlier one.
    """

    choices: int
    effects: Sequence[Sequence[Sequence[int]]]
    at_most: Sequence[tuple[Row, int]]
    aims: Sequence[Row]

    def value(self, row: Row, chosen: frozenset[int]) -> int:
        """What a row comes to with these choices; exact."""
        return sum(coefficient for number, coefficient in row.items() if self._is_one(number, chosen))

    def _is_one(self, number: int, chosen: frozenset[int]) -> bool:
        if number < self.choices:
            return number in chosen
        return all(not chosen.isdisjoint(group) for group in self.effects[number - self.choices])


def solve(program: Program) -> frozenset[int]:
    """The numbers of the choices in the best solution; always the same ones for the same program.

    Raises:
        PlanError: the solver gave up, or what it says does not stand counting it again.
    """
    bounded: list[tuple[Row, float]] = [*_rows_of_effects(program), *program.at_most]
    chosen: frozenset[int] = frozenset()
    for aim in filter(None, map(_reduced, program.aims)):
        chosen, claimed = _best(program, aim, bounded)
        reached = program.value(aim, chosen)
        if reached < round(claimed) or any(program.value(row, chosen) > limit for row, limit in program.at_most):
            raise PlanError(f"the solver claimed {claimed}, counting again gives {reached}")
        # Half a unit below: rounding errors cannot reach from one whole number to the next.
        bounded.append(({number: -coefficient for number, coefficient in aim.items()}, -reached + 0.5))
    return chosen


def load() -> None:
    """Loads the solver, which the first program would do otherwise. It takes a second of processor."""
    import scipy.optimize  # noqa: F401, PLC0415 - start-up, as below


def _best(program: Program, aim: Row, bounded: Sequence[tuple[Row, float]]) -> tuple[frozenset[int], float]:
    """The choices that make the aim greatest within the bounds, and how great the solver says that it is."""
    import numpy as np  # noqa: PLC0415 - start-up: it costs a second, and only a plan needs it
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - the same

    size = program.choices + len(program.effects)

    def dense(row: Row) -> Any:  # noqa: ANN401 - an array
        made = np.zeros(size)
        made[[*row]] = [*row.values()]
        return made

    limits = [limit for _, limit in bounded]
    found = milp(
        -dense(aim),
        integrality=[1] * program.choices + [0] * len(program.effects),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(np.array([dense(row) for row, _ in bounded]), -np.inf, limits)]
        if bounded
        else [],
        options={"mip_rel_gap": 0},
    )
    if found.x is None or found.status != 0:
        raise PlanError(f"the solver gave up: {found.message}")
    return frozenset(number for number in range(program.choices) if round(found.x[number])), -float(found.fun)


def _rows_of_effects(program: Program) -> list[tuple[Row, int]]:
    """No effect without a choice in each of its groups."""
    return [
        ({program.choices + place: 1, **dict.fromkeys(group, -1)}, 0)
        for place, groups in enumerate(program.effects)
        for group in groups
    ]


def _reduced(row: Row) -> Row:
    """The same aim in the smallest whole numbers."""
    divisor = gcd(*row.values())
    return {number: coefficient // divisor for number, coefficient in row.items() if coefficient}
