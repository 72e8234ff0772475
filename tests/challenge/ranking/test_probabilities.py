"""How sure an order is, against other ways to reckon it."""

from itertools import pairwise
from math import erf, sqrt

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from challenge.ranking.mixed_model import Posterior
from challenge.ranking.probabilities import among_best
from challenge.ranking.ranking import FIXED, rank
from challenge.ranking.result import Score, Variances
from tests.challenge.scoring import complete, panel, textbook

FOUR = 4 * 0.0016
"""Four standard errors of what is drawn."""
SCORES = panel(4, 4, 3, seed=7)


def test_being_above_the_next_is_exact() -> None:
    found, expected = rank(SCORES, FIXED).entries, textbook(SCORES, FIXED)
    names = sorted({each.entry for each in SCORES})
    for one, after in pairwise(found):
        i, j = names.index(one.entry), names.index(after.entry)
        covariance = expected.covariance
        deviation = sqrt(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j])
        chance = (1 + erf((expected.adjusted[i] - expected.adjusted[j]) / deviation / sqrt(2))) / 2
        assert one.p_above_next == pytest.approx(chance, abs=1e-8)


def test_of_two_the_best_is_above_the_next() -> None:
    first, last = rank(panel(2, 6, 6, seed=1), FIXED, top=1).entries
    assert first.p_top_k == pytest.approx(first.p_above_next, abs=FOUR)
    assert (first.p_top_k or 0) + (last.p_top_k or 0) == pytest.approx(1)


def test_being_the_best_is_an_orthant_of_the_joint_posterior() -> None:
    """Better than each other entry: the probability that all differences, jointly normal, are above 0."""
    found = {each.entry: each.p_top_k for each in rank(SCORES, FIXED, top=1).entries}
    expected = textbook(SCORES, FIXED)
    for place, name in enumerate(sorted(found)):
        others = [other for other in range(4) if other != place]
        apart = np.zeros((3, 4))
        apart[:, place] = 1
        apart[range(3), others] = -1
        known = multivariate_normal(apart @ expected.adjusted, apart @ expected.covariance @ apart.T)
        below = multivariate_normal(-known.mean, known.cov).cdf(np.zeros(3))
        assert found[name] == pytest.approx(below, abs=FOUR)


def test_errors_that_hang_together_count() -> None:
    """What two entries share with the same jurors does not make their order less sure."""
    apart = Posterior(np.array([1.0, 0.0]), np.array([1.0, 1.0]), np.array([[9.0], [9.0]]), 50.0)
    assert among_best(apart, 1)[0] == pytest.approx((1 + erf(1 / sqrt(2) / sqrt(2))) / 2, abs=FOUR)


@pytest.mark.parametrize("top", [1, 3, 8, 20, 25])
def test_the_chances_of_the_best_sum_up(top: int) -> None:
    chances = [each.p_top_k or 0 for each in rank(panel(20, 6, 3, seed=2), top=top).entries]
    assert sum(chances) == pytest.approx(min(top, 20))
    assert (chances == [1.0] * 20) == (top >= 20)


def test_where_nothing_tells_entries_apart_all_are_as_likely() -> None:
    for scores, variances in ((complete([[50] * 6] * 5), Variances(49, 0, 25)), ([Score("a", "j", 5)], None)):
        found = rank(scores, variances, top=1).entries
        assert {each.p_top_k for each in found} == {1 / len(found)}
        assert {each.rank for each in found} == {1}
