"""Henderson's mixed model equations for scores: score = mean + entry + juror + noise.

The last three are normal and independent, with mean 0 and one variance each. The equations (C. R. Henderson, Biometrics
31, 1975) give the generalised least squares mean and the best linear unbiased predictions of all effects at once, and
the inverse of their matrix the covariances of the errors of both.

Two rearrangements, neither an approximation. Effects are counted in units of their own standard deviation, so that a
variance may be 0. What all jurors have in common is taken apart from how they differ: nothing can tell it from the
mean, so that it keeps what it was given, and the rest stays well conditioned however strict jurors may be.
"""

from functools import cached_property

import numpy as np
from msgspec import Struct

from challenge.ranking.panel import Numbers, Panel
from challenge.ranking.result import Variances


class Ratios(Struct, frozen=True):
    """The variances of entries and jurors, in units of the error's variance."""

    entry: float
    juror: float


class Posterior(Struct, frozen=True):
    """What is known of the entries after all scores, in points: jointly normal, with errors that hang together.

    `adjusted` (entries): the expected values. Their covariance is diag(`own`) + `shared` @ `shared`.T + `common`: `own`
    (entries) is an entry's alone, `shared` (entries x jurors) how it hangs on what is not known of the jurors, `common`
    (one number) is the same for all and thus part of no difference.
    """

    adjusted: Numbers
    own: Numbers
    shared: Numbers
    common: float

    def standard_errors(self) -> Numbers:
        """Of the adjusted values, in points."""
        known: Numbers = np.sqrt(self.own + np.square(self.shared).sum(axis=1) + self.common)
        return known

    def variance_of_difference(self, one: int, other: int) -> float:
        """Of two entries by their places, in squared points. A sum of squares: nothing large is taken from anything."""
        apart = self.shared[one] - self.shared[other]
        return float(self.own[one] + self.own[other] + apart @ apart) if one != other else 0.0


class Equations:
    """The equations of a panel for given ratios, with the entries absorbed into those of the jurors and the mean.

    In units of the error's variance. `values` are, in this order: how the jurors differ (contrasts, one fewer than
    jurors), and the mean together with what all jurors have in common.
    """

    def __init__(self, panel: Panel, ratios: Ratios) -> None:
        self.panel, self.ratios = panel, ratios
        reads_of_jurors, own_scale = panel.read.sum(axis=0), np.sqrt(ratios.entry)
        self.design = _design(len(panel.jurors), ratios.juror)
        self.diagonal: Numbers = ratios.entry * panel.read.sum(axis=1) + 1
        self.coupling: Numbers = own_scale * (panel.read @ self.design)
        prior: Numbers = np.eye(len(panel.jurors))
        prior[-1, -1] = 0  # nothing is known of the mean beforehand
        left = self.design.T @ (reads_of_jurors[:, None] * self.design) + prior
        left -= self.coupling.T @ (self.coupling / self.diagonal[:, None])
        self.root: Numbers = np.linalg.cholesky(left)
        of_entries: Numbers = own_scale * panel.given.sum(axis=1)
        of_jurors: Numbers = self.design.T @ panel.given.sum(axis=0)
        right = of_jurors - self.coupling.T @ (of_entries / self.diagonal)
        self.values: Numbers = np.linalg.solve(self.root.T, np.linalg.solve(self.root, right))
        self.entries: Numbers = (of_entries - self.coupling @ self.values) / self.diagonal
        """In units of the entries' standard deviation."""

    @cached_property
    def loss(self) -> float:
        """The squares that the solution leaves: of the noise, and of the effects in their own units."""
        expected = np.sqrt(self.ratios.entry) * self.entries[:, None] + self.design @ self.values
        noise = self.panel.read * (self.panel.given - expected)
        return float(np.square(noise).sum() + np.square(self.entries).sum() + np.square(self.values[:-1]).sum())

    @property
    def log_determinant(self) -> float:
        """Of the whole matrix, entries included."""
        return float(np.log(self.diagonal).sum() + 2 * np.log(np.diag(self.root)).sum())

    def traces(self) -> tuple[float, float]:
        """How much of the entries' and of the jurors' variance is left unknown: traces of the inverse's two blocks."""
        half = np.linalg.solve(self.root, (self.coupling / self.diagonal[:, None]).T)
        of_jurors = np.linalg.inv(self.root)[:, :-1]
        return float((1 / self.diagonal).sum() + np.square(half).sum()), float(np.square(of_jurors).sum())


class Solution(Struct, frozen=True):
    """What the scores come to, in points. `severity` (jurors): by how much each scores under the panel."""

    mean: float
    severity: Numbers
    posterior: Posterior


def solve(panel: Panel, variances: Variances) -> Solution:
    """The solution for these variances.

    Raises:
        numpy.linalg.LinAlgError: the variances are so far apart that the equations cannot be solved; `ranking.rank`
            lets none through with which that happens.
    """
    ratios = Ratios(variances.entry / variances.error, variances.juror / variances.error)
    equations = Equations(panel, ratios)
    scale, mean = np.sqrt(ratios.entry), panel.middle + float(equations.values[-1])
    loadings = -scale * equations.coupling / equations.diagonal[:, None]
    loadings[:, -1] = 1 / equations.diagonal  # 1 less what its entry takes of the mean, without taking it away
    deviation = np.sqrt(variances.error)
    posterior = Posterior(
        adjusted=mean + scale * equations.entries,
        own=variances.entry / equations.diagonal,
        shared=deviation * np.linalg.solve(equations.root, loadings.T).T,
        common=variances.juror / len(panel.jurors),
    )
    return Solution(mean, -(equations.design[:, :-1] @ equations.values[:-1]), posterior)


def _design(jurors: int, ratio: float) -> Numbers:
    """What each juror's scores have of each value: contrasts that are orthonormal (Helmert's), and the mean."""
    place = np.arange(1, jurors)
    contrasts = np.triu(np.ones((jurors, jurors - 1)))
    contrasts[place, place - 1] = -place
    contrasts *= np.sqrt(ratio) / np.sqrt(place * (place + 1.0))
    return np.hstack([contrasts, np.ones((jurors, 1))])
