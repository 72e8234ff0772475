"""A final in pairs: jurors say of two entries which is better, and strengths come of it (Bradley and Terry, 1952).

Beside the scores, not instead of them: it needs more reads for the same certainty (docs/ranking.md).
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from challenge.connectedness import is_connected
from challenge.errors import ComparisonError

ALPHA = 0.1
"""How strongly all are drawn towards each other: without it, who never lost would be infinitely strong."""
EQUAL = 1e-6
"""Strengths that are no further apart are equal: the rest is how computers add."""
MOST_ENTRIES = 200
_ROUNDS = 10_000
_DIGITS = 9


class Comparison(Struct, frozen=True, order=True):
    """One juror's word on two entries, by their ids."""

    winner: str
    loser: str


class Strength(Struct, frozen=True):
    """One entry.

    `strength` is in log-odds, with mean 0: one beats another with probability 1 / (1 + exp(other's strength - its
    own)). `rank` counts from 1, and equal ones share it. Both are None where not all are linked.
    """

    entry: str
    rank: int | None
    strength: float | None
    wins: int
    comparisons: int


class PairwiseRanking(Struct, frozen=True):
    """The entries by rank (equal ones by id, which tells nothing), or by id where they are not `connected`."""

    connected: bool
    entries: tuple[Strength, ...]


def rank_pairs(comparisons: Iterable[Comparison], alpha: float = ALPHA) -> PairwiseRanking:
    """The strengths that come of these comparisons, in any order of the rows; one pair may stand in several.

    `alpha`, above 0: how strongly strengths are drawn together (`choix.ilsr_pairwise`). Where not all entries are
    linked by comparisons there is no ranking, as with scores.

    Raises:
        ComparisonError: there are none, an entry is compared with itself, there are more than 200 entries, or the
            strengths could not be found.
    """
    given = sorted(_checked(list(comparisons)))
    wins, losses = Counter(each.winner for each in given), Counter(each.loser for each in given)
    names = sorted(wins | losses)
    if not is_connected((each.winner, each.loser) for each in given):
        found = (Strength(name, None, None, wins[name], wins[name] + losses[name]) for name in names)
        return PairwiseRanking(connected=False, entries=tuple(found))
    strengths = _strengths(names, given, alpha)
    ranks = _ranks(strengths)
    ranked = sorted(names, key=lambda name: (ranks[name], name))
    return PairwiseRanking(
        connected=True,
        entries=tuple(
            Strength(name, ranks[name], round(strengths[name], _DIGITS) + 0.0, wins[name], wins[name] + losses[name])
            for name in ranked
        ),
    )


def _checked(comparisons: Sequence[Comparison]) -> Sequence[Comparison]:
    if not comparisons:
        raise ComparisonError(None, "there are no comparisons")
    for place, each in enumerate(comparisons):
        if each.winner == each.loser:
            raise ComparisonError(place, f"{each.winner} is compared with itself")
    found = {name for each in comparisons for name in (each.winner, each.loser)}
    if len(found) > MOST_ENTRIES:
        raise ComparisonError(None, f"there are {len(found)} entries; a ranking in pairs takes {MOST_ENTRIES}")
    return comparisons


def _strengths(names: Sequence[str], comparisons: Sequence[Comparison], alpha: float) -> dict[str, float]:
    import choix  # noqa: PLC0415 - start-up: it brings scipy, which takes a second

    places = {name: place for place, name in enumerate(names)}
    data = [(places[each.winner], places[each.loser]) for each in comparisons]
    try:
        found = choix.ilsr_pairwise(len(names), data, alpha=alpha, max_iter=_ROUNDS)
    except (RuntimeError, ValueError) as error:
        raise ComparisonError(None, f"strengths could not be found ({error})") from error
    return {name: float(value) for name, value in zip(names, found - found.mean(), strict=True)}


def _ranks(strengths: dict[str, float]) -> dict[str, int]:
    """From 1; who is equal to the one before shares its rank."""
    ordered = sorted(strengths, key=lambda name: -strengths[name])
    ranks: dict[str, int] = {}
    for place, name in enumerate(ordered):
        is_equal = place > 0 and strengths[ordered[place - 1]] - strengths[name] <= EQUAL
        ranks[name] = ranks[ordered[place - 1]] if is_equal else place + 1
    return ranks
