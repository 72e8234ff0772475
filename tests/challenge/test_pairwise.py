"""A final in pairs."""

from itertools import combinations
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.errors import ComparisonError
from challenge.pairwise import ALPHA, Comparison, PairwiseRanking, rank_pairs

pairs = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])


def compared(*pairs: tuple[object, object]) -> list[Comparison]:
    return [Comparison(str(winner), str(loser)) for winner, loser in pairs]


def strengths(ranking: PairwiseRanking) -> dict[str, float]:
    return {each.entry: each.strength for each in ranking.entries if each.strength is not None}


def test_two_entries_have_the_odds_of_their_wins() -> None:
    """Three of four, hardly drawn together: log(3) apart."""
    found = strengths(rank_pairs(compared(*[("a", "b")] * 3, ("b", "a")), alpha=1e-9))
    assert found["a"] - found["b"] == pytest.approx(1.0986123, abs=1e-6)


def test_likelihood_is_greatest_at_the_strengths() -> None:
    """Bradley and Terry's condition: each wins as often as its strength says that it should."""
    given_pairs = compared(*"ab ba bc cb cd dc ad da ab ac bd".replace(" ", "\n").split())  # type: ignore[arg-type]
    found = strengths(rank_pairs(given_pairs, alpha=1e-9))
    for name in found:
        wins = sum(each.winner == name for each in given_pairs)
        others = [
            each.loser if each.winner == name else each.winner
            for each in given_pairs
            if name in (each.winner, each.loser)
        ]
        assert sum(1 / (1 + exp(found[other] - found[name])) for other in others) == pytest.approx(wins, abs=1e-5)


def test_drawn_together_the_flows_are_even() -> None:
    """The condition with `alpha`: what flows to an entry, from losses and from all alike, flows away from it."""
    given_pairs = compared(("a", "b"), ("a", "c"), ("b", "c"), ("c", "d"))
    found = {name: exp(value) for name, value in strengths(rank_pairs(given_pairs)).items()}
    mean = sum(found.values()) / len(found)
    found = {name: weight / mean for name, weight in found.items()}
    for name, weight in found.items():
        flow = sum(ALPHA * (other - weight) for other in found.values())
        for each in given_pairs:
            both = found[each.winner] + found[each.loser]
            flow += found[each.loser] / both if each.winner == name else 0
            flow -= weight / both if each.loser == name else 0
        assert flow == pytest.approx(0, abs=1e-5)


def test_who_never_lost_is_the_first_and_not_infinitely_strong() -> None:
    found = rank_pairs(compared(*combinations("abcd", 2)))
    assert [(each.entry, each.rank, each.wins, each.comparisons) for each in found.entries] == [
        ("a", 1, 3, 3),
        ("b", 2, 2, 3),
        ("c", 3, 1, 3),
        ("d", 4, 0, 3),
    ]
    assert max(strengths(found).values()) < 10


def test_a_circle_has_no_winner() -> None:
    found = rank_pairs(compared(("a", "b"), ("b", "c"), ("c", "a")))
    assert [(each.entry, each.rank, round(each.strength or 0, 6)) for each in found.entries] == [
        ("a", 1, 0),
        ("b", 1, 0),
        ("c", 1, 0),
    ]


def test_what_is_not_linked_is_not_ranked() -> None:
    found = rank_pairs(compared(("d", "c"), ("b", "a")))
    assert not found.connected
    assert [(each.entry, each.rank, each.strength, each.wins) for each in found.entries] == [
        ("a", None, None, 0),
        ("b", None, None, 1),
        ("c", None, None, 0),
        ("d", None, None, 1),
    ]


@given(st.lists(pairs, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_digit(found: list[tuple[int, int]], shuffling: object) -> None:
    shuffled = sorted(found, key=lambda _: shuffling.random())  # type: ignore[attr-defined]
    assert rank_pairs(compared(*shuffled)) == rank_pairs(compared(*found))


def test_unusable_comparisons_are_refused() -> None:
    with pytest.raises(ComparisonError, match="there are no comparisons"):
        rank_pairs([])
    with pytest.raises(ComparisonError, match="b is compared with itself") as refused:
        rank_pairs(compared(("a", "b"), ("b", "b")))
    assert refused.value.place == 1
    with pytest.raises(ComparisonError, match="201 entries"):
        rank_pairs(compared(*((0, other) for other in range(1, 201))))
