"""What a juror's marks come to."""

from collections.abc import Collection, Mapping

from challenge.terms import HIGHEST_MARK, Criterion

POINTS = 100
"""What the highest marks on everything come to."""


def total(criteria: Collection[Criterion], marks: Mapping[str, int]) -> float | None:
    """The mean of the marks, weighted by their criteria, in points of 100; None until each criterion has one.

    `marks`: by criterion, 0 to 10; those of other criteria do not count.
    """
    if not criteria or any(each.id not in marks for each in criteria):
        return None
    weighted = sum(each.weight * marks[each.id] for each in criteria)
    return POINTS * weighted / (HIGHEST_MARK * sum(each.weight for each in criteria))
