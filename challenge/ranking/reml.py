"""The variances of a panel, estimated by restricted maximum likelihood (REML), with floors."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from challenge.ranking.mixed_model import Equations, Ratios
from challenge.ranking.panel import Numbers, Panel
from challenge.ranking.result import Variances

ERROR_FLOOR = 4.0
"""The error variance is never estimated below this (a standard deviation of 2 points): jurors who agree by chance would
make a ranking look surer than any jury is."""
ENTRY_FLOOR = 1.0
"""Nor the entries' below this: where scores do not show that entries differ, they have an order, an unsure one."""
_STARTS = (0.05, 0.5, 5.0)
_LOWEST, _HIGHEST = 1e-6, 1e4
"""Between these ratios is searched; 0 is tried by itself."""
_NO_BETTER = 1e-7
"""A variance that lowers the deviance by no more is 0."""


def estimate(panel: Panel) -> Variances:
    """The variances under which what the scores tell beside their mean is likeliest, and none below its floor.

    The jurors' may turn out to be 0: then the scores do not show that jurors differ.
    """
    found = [(*_best(panel, has), has) for has in ((False, False), (True, False), (False, True), (True, True))]
    lowest = min(deviance for deviance, _, _ in found)
    ratios = next(ratios for deviance, ratios, _ in found if deviance <= lowest + _NO_BETTER)
    error = _error(panel, Equations(panel, ratios))
    return Variances(error, max(ratios.entry * error, ENTRY_FLOOR), ratios.juror * error)


def deviance(panel: Panel, variances: Variances) -> float:
    """Minus twice the restricted log-likelihood, but for a constant."""
    equations = Equations(panel, Ratios(variances.entry / variances.error, variances.juror / variances.error))
    return _deviance(panel, equations, variances.error)


def _best(panel: Panel, has: tuple[bool, bool]) -> tuple[float, Ratios]:
    """The lowest deviance, and the ratios with which it is reached; a ratio that the model does not have is 0."""
    from scipy.optimize import minimize  # noqa: PLC0415 - start-up: it takes a second

    def judged(logs: Numbers) -> tuple[float, Numbers]:
        equations = Equations(panel, _ratios(logs, has))
        error = _error(panel, equations)
        return _deviance(panel, equations, error), _slopes(equations, error)[[*has]]

    if not any(has):
        return float(judged(np.array([]))[0]), Ratios(0, 0)
    starts = [np.log(start) for start in product(_STARTS, repeat=sum(has))]
    start = min(starts, key=lambda logs: judged(logs)[0])
    bounds = [(np.log(_LOWEST), np.log(_HIGHEST))] * sum(has)
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
    found = minimize(judged, start, method="L-BFGS-B", jac=True, bounds=bounds, options=options)
    return float(found.fun), _ratios(found.x, has)


def _ratios(logs: Sequence[float] | Numbers, has: tuple[bool, bool]) -> Ratios:
    given = iter(np.exp(logs))
    return Ratios(*(float(next(given)) if each else 0.0 for each in has))


def _error(panel: Panel, equations: Equations) -> float:
    """The error variance that is likeliest for these ratios, or the floor: the exact optimum above it."""
    freedom = panel.scores - 1
    return max(equations.loss / freedom, ERROR_FLOOR) if freedom else ERROR_FLOOR


def _deviance(panel: Panel, equations: Equations, error: float) -> float:
    return equations.log_determinant + (panel.scores - 1) * float(np.log(error)) + equations.loss / error


def _slopes(equations: Equations, error: float) -> Numbers:
    """How the deviance rises with the logarithm of each ratio (the error variance follows, and does not count)."""
    of_entries, of_jurors = equations.traces()
    contrasts = equations.values[:-1]
    return np.array(
        [
            equations.entries.size - of_entries - np.square(equations.entries).sum() / error,
            contrasts.size - of_jurors - np.square(contrasts).sum() / error,
        ]
    )
