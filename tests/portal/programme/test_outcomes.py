"""What is told of a pilot: nothing that stands for fewer than ten firms, nor leaves out fewer than ten."""

import random

import pytest

from portal.programme.admitting import LEAST
from portal.programme.outcomes import Band, Outcome, Standing, outcome

CLOSES = ("backup", "updates")


def pair(rise: float = 0, *closed: str) -> tuple[Standing, Standing]:
    """A firm that had both gaps and closed these."""
    return Standing(40, CLOSES), Standing(40 + rise, tuple(name for name in CLOSES if name not in closed))


def test_nine_firms_tell_nothing_but_that_there_was_a_pilot() -> None:
    assert outcome([pair(30, "backup")] * 9, CLOSES) == Outcome()


def test_ten_firms_that_are_alike_tell_only_that_they_are_ten() -> None:
    assert outcome([pair(30, "backup")] * 10, CLOSES) == Outcome(10)


def test_gap_is_told_where_ten_closed_it_and_ten_did_not() -> None:
    came = outcome([*[pair(0, "backup")] * 12, *[pair()] * 10], CLOSES)
    assert [(each.id, each.firms) for each in came.closed] == [("backup", 12)]
    assert outcome([*[pair(0, "backup")] * 12, *[pair()] * 9], CLOSES).closed == ()


def test_gap_that_a_firm_never_had_was_not_closed() -> None:
    never = (Standing(40), Standing(60))
    assert outcome([*[pair(0, "backup")] * 9, *[never] * 20], CLOSES).closed == ()


def test_neighbouring_bands_are_told_together_until_each_has_ten() -> None:
    rises = [*[-5.0] * 4, *[5.0] * 7, *[15.0] * 12, *[30.0] * 3]
    assert outcome([pair(rise) for rise in rises], CLOSES).bands == (Band(None, 10, 11), Band(10, None, 15))


def test_highest_band_without_enough_joins_the_one_below() -> None:
    rises = [*[0.0] * 10, *[5.0] * 10, *[25.0] * 9]
    assert outcome([pair(rise) for rise in rises], CLOSES).bands == (Band(None, 0, 10), Band(0, None, 19))


def test_one_band_alone_is_not_told() -> None:
    assert outcome([pair(5)] * 19, CLOSES).bands == ()


@pytest.mark.parametrize("seed", range(60))
def test_no_figure_stands_for_or_leaves_out_fewer_than_ten(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a repeatable variety
    firms = dice.randint(1, 70)
    chance = dice.random()
    pairs = [pair(dice.gauss(8, 12), *(name for name in CLOSES if dice.random() < chance)) for _ in range(firms)]
    came = outcome(pairs, CLOSES)
    if came.firms is None:
        assert firms < LEAST
        assert came == Outcome()
        return
    assert all(LEAST <= each.firms <= firms - LEAST for each in came.closed)
    assert all(each.firms >= LEAST for each in came.bands)
    if came.bands:
        assert sum(each.firms for each in came.bands) == firms
        assert [came.bands[0].over, came.bands[-1].to] == [None, None]
        assert [each.to for each in came.bands[:-1]] == [each.over for each in came.bands[1:]]
