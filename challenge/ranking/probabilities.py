"""How sure an order is, from the joint posterior: errors of entries that share jurors hang together."""

from math import erfc, sqrt

import numpy as np

from challenge.ranking.mixed_model import Posterior
from challenge.ranking.panel import Numbers

SEED = 20261123
DRAWS = 100_000
"""What is drawn for the best k: a probability is then off by 0.0016 (standard error), and by no more."""
_AT_ONCE = 2_000_000
"""Numbers in memory at a time."""


def above(difference: float, variance: float) -> float:
    """The probability that a normal difference is above 0; exact, no draws. Two that are known to be equal: 0.5."""
    if variance <= 0:
        return 0.5 if difference == 0 else float(difference > 0)
    return erfc(-difference / sqrt(2 * variance)) / 2


def among_best(posterior: Posterior, count: int) -> Numbers:
    """For each entry, the probability that it is among the best `count`; their sum is `count`, or all there are.

    Drawn with a fixed seed: the same scores give the same digits. Where nothing tells the entries apart, all are as
    likely.
    """
    entries = posterior.adjusted.size
    if count >= entries or not posterior.own.any():
        return np.full(entries, min(1.0, count / entries))
    generator, hits, left = np.random.default_rng(SEED), np.zeros(entries), DRAWS
    while left:
        rows = min(left, max(1, _AT_ONCE // entries))
        drawn = generator.standard_normal((rows, entries)) * np.sqrt(posterior.own) + posterior.adjusted
        drawn += generator.standard_normal((rows, posterior.shared.shape[1])) @ posterior.shared.T
        last = np.partition(drawn, entries - count, axis=1)[:, entries - count]
        hits += (drawn >= last[:, None]).sum(axis=0)
        left -= rows
    return hits / DRAWS
