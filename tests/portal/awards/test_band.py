"""The drawing of an entry's place."""

from challenge.ranking.result import RankedEntry
from portal.awards.band import WIDTH, Scored, row

ENTRY = RankedEntry("1", 1, 60.0, 70.0, 4.0, None, None, 3)
MARGIN = 8


def test_the_scale_goes_from_0_to_100_and_holds_what_lies_outside() -> None:
    apart = RankedEntry("1", 1, 0.0, 99.0, 4.0, None, None, 1)
    drawn = row(apart, [Scored(1, 100.0, 0, "helsinki")])
    assert (drawn.raw, drawn.high, drawn.marks[0].x) == (MARGIN, WIDTH - MARGIN, WIDTH - MARGIN)


def test_the_band_is_one_standard_error_to_each_side() -> None:
    drawn = row(ENTRY, [])
    assert drawn.low is not None
    assert drawn.dot is not None
    assert drawn.high is not None
    assert (
        round(drawn.dot - drawn.low, 1) == round(drawn.high - drawn.dot, 1) == round(4 * (WIDTH - 2 * MARGIN) / 100, 1)
    )


def test_without_a_ranking_there_is_only_the_mean() -> None:
    drawn = row(RankedEntry("1", None, 60.0, None, None, None, None, 3), [])
    assert (drawn.low, drawn.dot, drawn.high) == (None, None, None)


def test_marks_of_equal_scores_hide_none_another() -> None:
    drawn = row(ENTRY, [Scored(juror, 80.0, 0, "helsinki") for juror in (1, 2, 3)])
    assert len({(mark.x, mark.y) for mark in drawn.marks}) == 3
