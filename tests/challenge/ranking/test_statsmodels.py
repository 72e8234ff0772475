"""A second opinion: statsmodels' MixedLM, which shares no line with ours. It is slow to load, and loaded here alone."""

from typing import Any

import numpy as np
import pytest

from challenge.ranking.ranking import FIXED, rank
from challenge.ranking.result import Basis, Ranking, Variances
from tests.challenge.scoring import incidence, panel

SCORES = panel(20, 8, 3, seed=1)
Fitted = Any  # statsmodels has no types
Told = tuple[Any, ...]


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """MixedLM's own fit by REML, with one group in which entries and jurors cross."""
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec  # noqa: PLC0415 - slow to load

    found = incidence(SCORES)
    names = [[f"entry{i}" for i in range(20)]], [[f"juror{j}" for j in range(8)]]
    components = VCSpec(["entry", "juror"], [*names], [[found.entries], [found.jurors]])
    ones = np.ones((len(SCORES), 1))
    model = MixedLM(found.points, ones, np.zeros(len(SCORES), int), exog_vc=components)
    return model.fit(reml=True, gtol=1e-8)._results  # noqa: SLF001 - its wrapper cannot be given other variances


def told(fitted: Fitted) -> Told:
    """Mean, adjusted values and severities, by MixedLM."""
    effects = fitted.random_effects[0].to_numpy()
    mean = float(fitted.fe_params[0])
    return mean, [*(mean + effects[:20])], [*-effects[20:]]


def ours(ranking: Ranking) -> Told:
    by_id = sorted(ranking.entries, key=lambda each: each.entry)
    return ranking.mean, [each.adjusted for each in by_id], [each.severity for each in ranking.jurors]


def same(one: Told, other: Told, to: float) -> bool:
    return all(np.allclose(mine, theirs, rtol=0, atol=to) for mine, theirs in zip(one, other, strict=True))


def test_estimates_are_those_of_mixedlm(fitted: Fitted) -> None:
    ranking = rank(SCORES)
    assert ranking.basis is Basis.ESTIMATED
    assert ranking.variances is not None
    found = (ranking.variances.error, ranking.variances.entry, ranking.variances.juror)
    assert found == pytest.approx((fitted.scale, *fitted.vcomp), rel=1e-3)
    assert same(ours(ranking), told(fitted), 1e-3)


@pytest.mark.parametrize("variances", [FIXED, Variances(30, 90, 10), Variances(80, 20, 60)])
def test_predictions_for_the_same_variances_are_those_of_mixedlm(fitted: Fitted, variances: Variances) -> None:
    fitted.scale, fitted.vcomp = variances.error, np.array([variances.entry, variances.juror])
    fitted.fe_params = fitted.model.get_fe_params(np.zeros((0, 0)), fitted.vcomp / fitted.scale)[0]
    fitted._cache.pop("random_effects", None)  # noqa: SLF001 - it remembers those of other variances
    assert same(ours(rank(SCORES, variances)), told(fitted), 1e-6)
