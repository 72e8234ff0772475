"""Sums of what firms add: for each group, how many firms there are and how many have what. Exact, and not for anybody.

A key is a group and a measure. Groups: `all`, and `sector:food` and the like. Measures: `firms`, and for each group
`asked:ID` and `short:ID` of questions and checks; for all firms together `fixed:ID` and `proven:ID` of fixes as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from portal.programme.contributing import DIMENSIONS, Part

ALL = "all"
FIRMS = "firms"

Key = tuple[str, str]
Sums = Counter[Key]


def group(dimension: str, value: str) -> str:
    """The name of a group."""
    return f"{dimension}:{value}"


def groups_of(part: Part) -> list[str]:
    """The groups to which a firm belongs, one in each dimension."""
    return [group(dimension, part.places[dimension]) for dimension in DIMENSIONS]


def summed(parts: Iterable[Part]) -> Sums:
    """What they come to."""
    found: Sums = Counter()
    for part in parts:
        found.update(_keys(part))
    return found


def firms(sums: Sums) -> dict[str, int]:
    """How many firms each group has, `all` among them; none that is empty."""
    return {name: count for (name, measure), count in sums.items() if measure == FIRMS and count}


def as_json(sums: Sums) -> dict[str, dict[str, int]]:
    """By group and measure."""
    made: dict[str, dict[str, int]] = {}
    for (name, measure), count in sorted(sums.items()):
        if count:
            made.setdefault(name, {})[measure] = count
    return made


def of_json(raw: Mapping[str, Mapping[str, int]]) -> Sums:
    """The inverse of `as_json`."""
    return Counter({(name, measure): count for name, counts in raw.items() for measure, count in counts.items()})


def _keys(part: Part) -> Iterator[Key]:
    for name in (ALL, *groups_of(part)):
        yield name, FIRMS
        for each in part.asked:
            yield name, f"asked:{each}"
        for each in part.short:
            yield name, f"short:{each}"
    for each in part.fixed:
        yield ALL, f"fixed:{each}"
    for each in part.proven:
        yield ALL, f"proven:{each}"
