"""What a jury decides beside the ranking: where the ranking cannot tell, and where a decision needs its reason."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations, pairwise

from challenge.ranking.ranking import UNSURE_BELOW
from challenge.ranking.result import Ranking

Bracket = tuple[str, ...]


class Why(StrEnum):
    """Why a decision needs its reason."""

    BAND = "band"
    """The ranking cannot tell the entry from one that was decided otherwise."""
    AGAINST = "against"
    """One that ranks lower is placed higher, or the other way round."""
    UNRANKED = "unranked"
    """There is no ranking: the panel is not connected."""


def brackets(ranking: Ranking) -> tuple[Bracket, ...]:
    """The runs of entries, from the best on, in which each is above the next with less than 60 %: the jury decides.

    Two at least in each; none where the panel is not connected.
    """
    if not ranking.connected:
        return ()
    runs: list[list[str]] = [[each.entry] for each in ranking.entries[:1]]
    for one, after in pairwise(ranking.entries):
        if one.p_above_next is not None and one.p_above_next < UNSURE_BELOW:
            runs[-1].append(after.entry)
        else:
            runs.append([after.entry])
    return tuple(tuple(run) for run in runs if len(run) > 1)


def needing_reasons(ranking: Ranking, levels: Mapping[str, int]) -> dict[str, Why]:
    """The decided entries that the ranking alone does not decide, by entry.

    `levels`: of each decided entry, how high it is placed: the higher, the better. Entries that are not decided, and
    those that are not in the ranking, say nothing.
    """
    if not ranking.connected:
        return {each.entry: Why.UNRANKED for each in ranking.entries if levels.get(each.entry, 0) > 0}
    found: dict[str, Why] = {}
    for run in brackets(ranking):
        decided = [entry for entry in run if entry in levels]
        if len({levels[entry] for entry in decided}) > 1:
            found.update(dict.fromkeys(decided, Why.BAND))
    for better, worse in combinations(_decided(ranking, levels), 2):
        if levels[better] < levels[worse]:
            for entry in (better, worse):
                found.setdefault(entry, Why.AGAINST)
    return found


def _decided(ranking: Ranking, levels: Mapping[str, int]) -> Sequence[str]:
    return [each.entry for each in ranking.entries if each.entry in levels]
