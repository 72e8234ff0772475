"""How many entries each juror is to read: as even as what they must and what they may allow."""

from collections.abc import Sequence

from msgspec import Struct

from challenge.assignment.problem import Problem


class Levels(Struct, frozen=True):
    """Between which two numbers each juror's reads are to be; they differ by one, or not at all."""

    low: tuple[int, ...]
    high: tuple[int, ...]

    def links_needed(self, entries: int, reads: int) -> int | None:
        """How many reads it takes to link all, where there are too few; None where there are enough.

        So many entries and jurors hang together by one link fewer than there are of them, or by more.
        """
        beginners = sum(low == 0 < high for low, high in zip(self.low, self.high, strict=True))
        readers = sum(low > 0 for low in self.low) + min(beginners, reads - sum(self.low))
        if entries == 1 or reads >= entries + readers - 1:
            return None
        return entries + sum(high > 0 for high in self.high) - 1


def levels(problem: Problem) -> Levels:
    """The levels that hold all reads: two neighbouring numbers, but for who is kept over them or has a lower maximum.

    The maxima together must hold all reads.
    """
    level = 0
    while sum(_at(problem, level + 1)) <= problem.reads and level < max(problem.most):
        level += 1
    return Levels(tuple(_at(problem, level)), tuple(_at(problem, level + 1)))


def _at(problem: Problem, level: int) -> Sequence[int]:
    return [max(least, min(level, most)) for least, most in zip(problem.least, problem.most, strict=True)]
