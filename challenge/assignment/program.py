"""An integer program, built column by column and row by row, and solved exactly (scipy's `milp`, HiGHS)."""

from collections.abc import Mapping

from challenge.errors import AssignmentError

_INFEASIBLE = 2
"""scipy's word for a program without any solution."""


class Program:
    """Columns are variables, made as cheap as can be in sum; rows are sums of them, kept within bounds."""

    def __init__(self) -> None:
        self._costs: list[float] = []
        self._bounds: tuple[list[float], list[float]] = [], []
        self._whole: list[int] = []
        self._cells: tuple[list[int], list[int], list[float]] = [], [], []
        self._limits: tuple[list[float], list[float]] = [], []

    def column(self, cost: float, least: float = 0, most: float = 1, *, is_whole: bool = False) -> int:
        """A further variable; returns its number."""
        self._costs.append(cost)
        self._bounds[0].append(least)
        self._bounds[1].append(most)
        self._whole.append(int(is_whole))
        return len(self._costs) - 1

    def set_cost(self, column: int, cost: float) -> None:
        """What that variable costs from now on."""
        self._costs[column] = cost

    def row(self, cells: Mapping[int, float], least: float, most: float) -> None:
        """A further bound: on the sum of these variables times their coefficients."""
        rows, columns, coefficients = self._cells
        rows += [len(self._limits[0])] * len(cells)
        columns += cells.keys()
        coefficients += cells.values()
        self._limits[0].append(least)
        self._limits[1].append(most)

    def solve(self) -> list[float] | None:
        """The cheapest values of all variables, proven so; None where no values keep within the bounds.

        Raises:
            AssignmentError: the solver gave up.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - start-up: it takes a second
        from scipy.sparse import csr_array  # noqa: PLC0415 - the same

        rows, columns, coefficients = self._cells
        matrix = csr_array((coefficients, (rows, columns)), shape=(len(self._limits[0]), len(self._costs)))
        found = milp(
            self._costs,
            integrality=self._whole,
            bounds=Bounds(*self._bounds),
            constraints=LinearConstraint(matrix, *self._limits),
            options={"mip_rel_gap": 0},
        )
        if found.status == _INFEASIBLE:
            return None
        if found.x is None or found.status != 0:
            raise AssignmentError(f"the solver gave up: {found.message}")
        return [float(value) for value in found.x]
