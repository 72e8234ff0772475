"""Our equations against the textbook's whole covariance matrix."""

import numpy as np
import pytest

from challenge.ranking.mixed_model import solve
from challenge.ranking.panel import panel_of
from challenge.ranking.reml import ENTRY_FLOOR, ERROR_FLOOR, deviance, estimate
from challenge.ranking.result import Score, Variances
from tests.challenge.scoring import complete, panel, textbook

FIXED = Variances(49, 64, 25)
SCORES = panel(12, 6, 3, seed=1)


@pytest.mark.parametrize(
    "variances",
    [FIXED, Variances(49, 0, 25), Variances(49, 64, 0), Variances(4, 1, 300), Variances(49, 64, 1e6)],
)
def test_solution_is_the_textbooks(variances: Variances) -> None:
    expected, found = textbook(SCORES, variances), solve(panel_of(SCORES), variances)
    known = found.posterior
    assert found.mean == pytest.approx(expected.mean, abs=1e-8)
    np.testing.assert_allclose(known.adjusted, expected.adjusted, atol=1e-8)
    np.testing.assert_allclose(found.severity, expected.severity, atol=1e-8)
    whole = np.diag(known.own) + known.shared @ known.shared.T + known.common
    np.testing.assert_allclose(whole, expected.covariance, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(known.standard_errors() ** 2, np.diag(expected.covariance), rtol=1e-8)
    apart = expected.covariance[0, 0] + expected.covariance[5, 5] - 2 * expected.covariance[0, 5]
    assert known.variance_of_difference(0, 5) == pytest.approx(apart, rel=1e-6, abs=1e-8)


def test_one_score_is_worth_itself() -> None:
    found = solve(panel_of([Score("e", "j", 71.0)]), FIXED)
    assert (found.mean, found.posterior.adjusted.tolist(), found.severity.tolist()) == (71.0, [71.0], [0.0])


def test_deviance_is_the_textbooks() -> None:
    for variances in (FIXED, Variances(4, 30, 90)):
        found = deviance(panel_of(SCORES), variances) - deviance(panel_of(SCORES), Variances(20, 20, 20))
        expected = textbook(SCORES, variances).deviance - textbook(SCORES, Variances(20, 20, 20)).deviance
        assert found == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_variances_are_likelier(seed: int) -> None:
    scores = panel_of(panel(20, 6, 3, seed))
    best = estimate(scores)
    for factors in ((1.1, 1, 1), (0.9, 1, 1), (1, 1.1, 1), (1, 0.9, 1), (1, 1, 1.1), (1, 1, 0.9), (2, 2, 2)):
        other = Variances(best.error * factors[0], best.entry * factors[1], best.juror * factors[2])
        assert deviance(scores, other) >= deviance(scores, best)


def test_jurors_who_agree_in_everything_leave_an_error_at_its_floor() -> None:
    found = estimate(panel_of(complete([[10 * i + 5] * 5 for i in range(8)])))
    assert found.error == pytest.approx(ERROR_FLOOR)
    assert found.entry > 100
    assert found.juror == 0


def test_scores_that_do_not_tell_entries_apart_leave_them_at_their_floor() -> None:
    found = estimate(panel_of(complete([[(i * 37 + j * 61) % 97 for j in range(5)] for i in range(8)])))
    assert found.entry == ENTRY_FLOOR
    assert found.error > 100
    assert estimate(panel_of(complete([[50] * 6] * 6))) == Variances(ERROR_FLOOR, ENTRY_FLOOR, 0.0)
