"""Scores in, ranking out. The one place where an order of entries comes from."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from challenge.connectedness import is_connected, panel_links
from challenge.errors import TopError, VariancesError
from challenge.ranking.mixed_model import Posterior, solve
from challenge.ranking.panel import Panel, check, panel_of
from challenge.ranking.probabilities import above, among_best
from challenge.ranking.reml import estimate
from challenge.ranking.result import Basis, RankedEntry, RankedJuror, Ranking, Score, Variances

FIXED = Variances(error=49.0, entry=64.0, juror=25.0)
"""Where too little is known to estimate: standard deviations of 7, 8 and 5 points."""
FEWEST_JURORS, FEWEST_SCORES = 5, 30
"""Below either the variances are fixed."""
UNSURE_BELOW = 0.60
"""Where an entry is above the next with less than this probability, the jury decides."""
EQUAL = 1e-7
"""Points. Entries that are no further apart are equal: the rest is how computers add."""
_DIGITS = 9
LOWEST_ERROR, HIGHEST_VARIANCE = 1e-3, 1e12
"""What may be given, in squared points; entries and jurors may have 0."""


class _Placed(NamedTuple):
    place: int
    """In the panel."""
    rank: int
    adjusted: float


def rank(scores: Iterable[Score], variances: Variances | None = None, top: int | None = None) -> Ranking:
    """The ranking of these scores, in any order of the rows.

    `variances` are in squared points; without them the published fixed ones where the panel has fewer than 5 jurors or
    30 scores, else the REML estimates. `top`: for how many best `p_top_k` is told. A panel that is not connected (not
    all entries are linked by jurors who read several) cannot be adjusted: `connected` is false, and only raw means are
    told.

    Raises:
        ScoreError: a score is not from 0 to 100, a juror scores an entry twice, there are none or too many.
        VariancesError: the variances given cannot be used.
        TopError: `top` is below 1.
    """
    given = list(scores)
    check(given)
    if variances is not None:
        check_variances(variances)
    if top is not None and top < 1:
        raise TopError(top)
    panel = panel_of(given)
    if not is_connected(panel_links((each.entry, each.juror) for each in given)):
        return _unconnected(panel)
    basis, used = _variances(panel, variances)
    solution = solve(panel, used)
    entries = _ranked(panel, solution.posterior, top)
    jurors = (
        RankedJuror(juror, _rounded(severity), int(reads))
        for juror, severity, reads in zip(panel.jurors, solution.severity, panel.read.sum(axis=0), strict=True)
    )
    return Ranking(_rounded(solution.mean), used, True, entries, tuple(jurors), basis)  # noqa: FBT003 - connected


def check_variances(variances: Variances) -> None:
    """Raises VariancesError where one cannot be used."""
    for name in ("error", "entry", "juror"):
        value: float = getattr(variances, name)
        if not (isfinite(value) and (LOWEST_ERROR if name == "error" else 0) <= value <= HIGHEST_VARIANCE):
            raise VariancesError(name, value)


def _variances(panel: Panel, given: Variances | None) -> tuple[Basis, Variances]:
    if given is not None:
        return Basis.GIVEN, given
    if len(panel.jurors) < FEWEST_JURORS or panel.scores < FEWEST_SCORES:
        return Basis.FIXED, FIXED
    return Basis.ESTIMATED, estimate(panel)


def _ranked(panel: Panel, posterior: Posterior, top: int | None) -> tuple[RankedEntry, ...]:
    placed, errors = _placed(panel, posterior), posterior.standard_errors()
    best = None if top is None else among_best(posterior, top)
    raw, reads = _raw(panel), panel.read.sum(axis=1)
    return tuple(
        RankedEntry(
            entry=panel.entries[each.place],
            rank=each.rank,
            raw=raw[each.place],
            adjusted=each.adjusted,
            standard_error=_rounded(errors[each.place]),
            p_above_next=_above_next(posterior, each, after),
            p_top_k=None if best is None else _rounded(best[each.place]),
            reads=int(reads[each.place]),
        )
        for each, after in zip(placed, [*placed[1:], None], strict=True)
    )


def _placed(panel: Panel, posterior: Posterior) -> list[_Placed]:
    """From the best to the last. Equal ones have one rank and one value, and stand by id."""
    groups: list[list[int]] = []
    last = np.inf
    for place in np.argsort(-posterior.adjusted, kind="stable"):
        value = posterior.adjusted[place]
        if groups and last - value <= EQUAL:
            groups[-1].append(int(place))
        else:
            groups.append([int(place)])
        last = value
    placed: list[_Placed] = []
    for group in groups:
        value = _rounded(posterior.adjusted[group].mean())
        placed += [_Placed(place, len(placed) + 1, value) for place in sorted(group, key=panel.entries.__getitem__)]
    return placed


def _above_next(posterior: Posterior, one: _Placed, after: _Placed | None) -> float | None:
    if after is None:
        return None
    return _rounded(above(one.adjusted - after.adjusted, posterior.variance_of_difference(one.place, after.place)))


def _unconnected(panel: Panel) -> Ranking:
    raw, of_entries, of_jurors = _raw(panel), panel.read.sum(axis=1), panel.read.sum(axis=0)
    entries = (
        RankedEntry(entry, None, mean, None, None, None, None, int(reads))
        for entry, mean, reads in zip(panel.entries, raw, of_entries, strict=True)
    )
    jurors = (RankedJuror(juror, None, int(reads)) for juror, reads in zip(panel.jurors, of_jurors, strict=True))
    return Ranking(None, None, False, tuple(entries), tuple(jurors), None)  # noqa: FBT003 - connected


def _raw(panel: Panel) -> Sequence[float]:
    means = panel.middle + panel.given.sum(axis=1) / panel.read.sum(axis=1)
    return [_rounded(mean) for mean in means]


def _rounded(value: float) -> float:
    """The digits that are told: another machine adds in another order, which shows in the last ones only."""
    return round(float(value), _DIGITS) + 0.0  # no -0.0
