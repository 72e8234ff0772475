"""What a ranking promises: to whoever is ranked, to whoever chairs the jury, and to whoever runs it again."""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import inf, nan

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.errors import ScoreError, TopError, VariancesError
from challenge.ranking.panel import MOST_ENTRIES
from challenge.ranking.ranking import FIXED, rank
from challenge.ranking.result import Basis, RankedEntry, Ranking, Score, Variances
from tests.challenge.scoring import complete, panel, textbook

SCORES = panel(20, 8, 3, seed=3)
tables = st.integers(2, 6).flatmap(
    lambda jurors: st.lists(st.lists(st.integers(0, 100), min_size=jurors, max_size=jurors), min_size=2, max_size=7)
)


def by_id(ranking: Ranking) -> list[RankedEntry]:
    return sorted(ranking.entries, key=lambda each: each.entry)


def effects(ranking: Ranking) -> list[float]:
    """What each entry is worth beside the mean."""
    assert ranking.mean is not None
    return [each.adjusted - ranking.mean for each in by_id(ranking) if each.adjusted is not None]


def moved(scores: Sequence[Score], how: Callable[[Score], float]) -> list[Score]:
    """The same reads with other scores."""
    return [Score(each.entry, each.juror, how(each)) for each in scores]


@given(tables)
def test_a_balanced_panel_keeps_the_raw_order(table: Sequence[Sequence[int]]) -> None:
    found = rank(complete(table)).entries
    assert [each.raw for each in found] == sorted((each.raw for each in found), reverse=True)
    for one, after in pairwise(found):
        assert (one.raw == after.raw) == (one.rank == after.rank) == (one.adjusted == after.adjusted)


@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_the_order_of_the_rows_changes_no_digit(shuffling: random.Random, seed: int) -> None:
    scores = panel(8, 5, 3, seed)  # as few have fixed variances; estimating costs more than all else
    shuffled = shuffling.sample(scores, len(scores))
    assert rank(shuffled) == rank(scores)


def test_the_order_of_the_rows_changes_no_chance_either() -> None:
    assert rank(SCORES[::-1], top=3) == rank(SCORES, top=3)


def test_ids_change_nothing_but_the_order_of_equals() -> None:
    other = {each.entry: f"x{99 - place}" for place, each in enumerate(by_id(rank(SCORES)))}
    renamed = rank([Score(other[each.entry], each.juror, each.score) for each in SCORES])
    before = {other[each.entry]: (each.rank, each.adjusted) for each in rank(SCORES).entries}
    for each in renamed.entries:
        position, adjusted = before[each.entry]
        assert (each.rank, each.adjusted) == (position, pytest.approx(adjusted, abs=1e-6))


@pytest.mark.parametrize("juror", ["j00", "j05"])
def test_where_jurors_differ_without_bound_a_juror_who_gives_ten_more_to_all_changes_nothing(juror: str) -> None:
    unbound = Variances(49, 64, 1e12)
    milder = moved(SCORES, lambda each: min(90, each.score))
    kinder = moved(milder, lambda each: each.score + 10 * (each.juror == juror))
    before, after = rank(milder, unbound), rank(kinder, unbound)
    assert effects(after) == pytest.approx(effects(before), abs=1e-6)
    assert [each.entry for each in after.entries] == [each.entry for each in before.entries]
    assert [each.rank for each in after.entries] == [each.rank for each in before.entries]
    chances = [[each.p_above_next or 0 for each in found.entries] for found in (before, after)]
    assert chances[0] == pytest.approx(chances[1], abs=1e-6)
    assert effects(rank(kinder, FIXED)) != pytest.approx(effects(rank(milder, FIXED)), abs=0.1)


def test_a_strict_juror_costs_no_place() -> None:
    """Three jurors, two of whom read each entry: what the strict one read is worth as much as it would be elsewhere."""
    given_points = {
        "a": (("mild", 80), ("fair", 70)),
        "b": (("strict", 55), ("fair", 70)),
        "c": (("mild", 75), ("strict", 50)),
    }
    scores = [Score(entry, juror, points) for entry, reads in given_points.items() for juror, points in reads]
    found = rank(scores, Variances(4, 64, 400))
    assert [each.entry for each in found.entries] == ["a", "b", "c"]
    assert found.entries[1].raw == found.entries[2].raw == 62.5
    assert [each.juror for each in sorted(found.jurors, key=lambda each: -(each.severity or 0))] == [
        "strict",
        "fair",
        "mild",
    ]


def test_a_ranking_tells_all() -> None:
    found = rank(SCORES, FIXED, top=5)
    expected = textbook(SCORES, FIXED)
    names = sorted({each.entry for each in SCORES})
    assert (found.connected, found.basis, found.variances) == (True, Basis.GIVEN, FIXED)
    assert found.mean == pytest.approx(expected.mean)
    assert [each.rank for each in found.entries] == list(range(1, 21))
    for each in found.entries:
        place = names.index(each.entry)
        points = [score.score for score in SCORES if score.entry == each.entry]
        assert (each.reads, each.raw) == (3, pytest.approx(sum(points) / 3))
        assert each.adjusted == pytest.approx(expected.adjusted[place])
        assert each.standard_error == pytest.approx(expected.covariance[place, place] ** 0.5)
    assert [each.juror for each in found.jurors] == sorted({each.juror for each in SCORES})
    assert sum(each.reads for each in found.jurors) == len(SCORES)
    assert sum(each.severity or 0 for each in found.jurors) == pytest.approx(0, abs=1e-6)
    assert found.entries[-1].p_above_next is None
    assert all(0.5 <= (each.p_above_next or 0) <= 1 for each in found.entries[:-1])


def test_what_is_adjusted_is_not_clipped() -> None:
    others = [Score(f"o{i}", juror, points) for i in range(6) for juror, points in (("strict", 30), ("mild", 90))]
    best = rank([*others, Score("best", "strict", 100)], Variances(1, 1e4, 1e4)).entries[0]
    assert (best.entry, round(best.adjusted or 0)) == ("best", 130)


@pytest.mark.parametrize(
    ("jurors", "entries", "basis"),
    [(4, 40, Basis.FIXED), (5, 5, Basis.FIXED), (5, 6, Basis.ESTIMATED), (6, 5, Basis.ESTIMATED)],
)
def test_small_panels_have_fixed_variances(jurors: int, entries: int, basis: Basis) -> None:
    found = rank(panel(entries, jurors, jurors, seed=2))
    assert found.basis is basis
    assert (found.variances == Variances(49, 64, 25)) == (basis is Basis.FIXED)


def test_estimated_variances_make_the_same_ranking_when_they_are_given() -> None:
    estimated = rank(SCORES, top=3)
    assert estimated.variances is not None
    again = rank(SCORES, estimated.variances, top=3)
    assert (again.entries, again.jurors, again.mean) == (estimated.entries, estimated.jurors, estimated.mean)


def test_a_panel_that_is_not_connected_has_no_ranking() -> None:
    apart = [Score("a", "j", 90), Score("b", "j", 70), Score("c", "k", 80), Score("a", "l", 60)]
    found = rank(apart, top=1)
    assert (found.connected, found.mean, found.variances, found.basis) == (False, None, None, None)
    nothing = {"rank": None, "adjusted": None, "standard_error": None, "p_above_next": None, "p_top_k": None}
    assert [msgspec.to_builtins(each) for each in found.entries] == [
        {"entry": "a", "raw": 75.0, "reads": 2, **nothing},
        {"entry": "b", "raw": 70.0, "reads": 1, **nothing},
        {"entry": "c", "raw": 80.0, "reads": 1, **nothing},
    ]
    assert [(each.juror, each.severity, each.reads) for each in found.jurors] == [
        ("j", None, 2),
        ("k", None, 1),
        ("l", None, 1),
    ]


def test_equal_entries_share_their_rank() -> None:
    found = rank(complete([[60, 70, 80], [80, 60, 70], [90, 90, 90], [10, 10, 10]]))
    assert [(each.entry, each.rank) for each in found.entries] == [("e2", 1), ("e0", 2), ("e1", 2), ("e3", 4)]
    assert found.entries[1].adjusted == found.entries[2].adjusted
    assert found.entries[1].p_above_next == 0.5


def test_an_entry_and_a_juror_may_have_the_same_id() -> None:
    assert not rank([Score("a", "b", 1), Score("b", "c", 2)]).connected
    assert rank([Score("a", "b", 1), Score("b", "b", 2)]).connected


@pytest.mark.parametrize("score", [-0.01, 100.01, nan, inf, -inf])
def test_a_score_out_of_range_is_refused(score: float) -> None:
    with pytest.raises(ScoreError) as refused:
        rank([Score("a", "j", 5), Score("b", "j", score)])
    assert refused.value.place == 1


def test_unusable_panels_are_refused() -> None:
    with pytest.raises(ScoreError, match="there are no scores"):
        rank([])
    with pytest.raises(ScoreError, match="scores the entry a a second time"):
        rank([Score("a", "j", 5), Score("a", "j", 5)])
    with pytest.raises(ScoreError, match="2001 entries"):
        rank([Score(f"e{i}", "j", 5) for i in range(MOST_ENTRIES + 1)])
    with pytest.raises(TopError):
        rank(SCORES, top=0)


@pytest.mark.parametrize(
    "wrong", [{"error": 0.0}, {"error": -1.0}, {"entry": -1.0}, {"juror": nan}, {"juror": inf}, {"entry": 1e13}]
)
def test_variances_that_are_none_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(VariancesError) as refused:
        rank(SCORES, msgspec.structs.replace(FIXED, **wrong))
    assert refused.value.name in wrong


def test_variances_far_apart_can_be_used() -> None:
    for variances in (Variances(1e-3, 1e12, 1e12), Variances(1e12, 0, 0), Variances(1e-3, 1e-9, 1e12)):
        assert rank(SCORES, variances, top=2).connected
