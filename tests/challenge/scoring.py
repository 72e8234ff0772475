"""Made-up panels, and their solution by the textbook: with the whole covariance of all scores, inverted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from challenge.ranking.result import Score, Variances


def panel(entries: int, jurors: int, reads: int, seed: int) -> list[Score]:
    """Scores as the model has them: entries, jurors and noise with standard deviations of 8, 5 and 7 points."""
    generator = np.random.default_rng(seed)
    worth, leniency = generator.normal(0, 8, entries), generator.normal(0, 5, jurors)
    return [
        Score(f"e{i:03}", f"j{j:02}", float(np.clip(60 + worth[i] + leniency[j] + generator.normal(0, 7), 0, 100)))
        for i in range(entries)
        for j in sorted(generator.choice(jurors, reads, replace=False))
    ]


def complete(rows: Sequence[Sequence[float]]) -> list[Score]:
    """Everybody scores everything: a row for each entry."""
    return [Score(f"e{i}", f"j{j}", float(score)) for i, row in enumerate(rows) for j, score in enumerate(row)]


@dataclass(frozen=True)
class Incidence:
    """Sorted scores as vectors and matrices of 0 and 1."""

    points: Any
    entries: Any
    jurors: Any


def incidence(scores: Sequence[Score]) -> Incidence:
    ordered = sorted(scores)
    entries, jurors = sorted({each.entry for each in ordered}), sorted({each.juror for each in ordered})
    return Incidence(
        np.array([each.score for each in ordered]),
        np.array([[float(each.entry == name) for name in entries] for each in ordered]),
        np.array([[float(each.juror == name) for name in jurors] for each in ordered]),
    )


@dataclass(frozen=True)
class Textbook:
    mean: float
    adjusted: Any
    covariance: Any
    """Of the errors of what is adjusted."""
    severity: Any
    deviance: float


def textbook(scores: Sequence[Score], variances: Variances) -> Textbook:
    """Generalised least squares and best linear unbiased prediction, each by its definition."""
    found = incidence(scores)
    points, ones = found.points, np.ones(len(scores))
    whole = variances.error * np.eye(len(scores))
    whole += variances.entry * found.entries @ found.entries.T + variances.juror * found.jurors @ found.jurors.T
    inverse = np.linalg.inv(whole)
    weight = ones @ inverse @ ones
    to_mean = ones @ inverse / weight
    projected = inverse - np.outer(inverse @ ones, to_mean)
    to_adjusted = variances.entry * found.entries.T @ projected + to_mean
    crossed = variances.entry * found.entries.T @ to_adjusted.T
    covariance = variances.entry * np.eye(found.entries.shape[1]) - crossed - crossed.T
    covariance += to_adjusted @ whole @ to_adjusted.T
    return Textbook(
        float(to_mean @ points),
        to_adjusted @ points,
        covariance,
        -variances.juror * found.jurors.T @ projected @ points,
        float(np.linalg.slogdet(whole)[1] + np.log(weight) + points @ projected @ points),
    )
