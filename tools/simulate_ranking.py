"""Does adjusting for strict jurors find the better entry more often than the mean of the scores? A simulation, seeded.

    python -m tools.simulate_ranking            # writes docs/ranking/simulation.json and simulation.svg

Each run makes a challenge of 60 entries, 10 jurors and 3 reads each: what the entries are worth (standard
deviation 8 points), how strict the jurors are, and noise (7 points); panels come from `assign`, with jurors of five
cities. Scores are rounded to whole points. `rank` is told nothing of all this: it estimates the variances from the
scores. An order is right for a pair of entries where it has the worthier one first; a tie counts half. How much jurors
differ is varied, from not at all to a standard deviation of 10 points; with 5 there are more runs.
"""

import json
import sys
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from challenge.assignment.assigning import assign
from challenge.assignment.people import Entry, Juror
from challenge.ranking.ranking import rank
from challenge.ranking.result import Ranking, Score
from tools.simulation_figure import figure

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "ranking"
SEED = 20261123
ENTRIES, JURORS, READS = 60, 10, 3
WORTH, NOISE, USUAL = 8.0, 7.0, 5.0
"""Standard deviations, in points."""
DEVIATIONS = (0.0, 2.5, USUAL, 7.5, 10.0)
RUNS, USUAL_RUNS = 100, 300
CITIES = ("Helsinki", "Espoo", "Berlin", "Osaka", "Paris")
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def run(deviation: float, number: int) -> tuple[dict[str, float], Ranking]:
    """What the entries of one simulated challenge are worth, and its ranking."""
    generator = np.random.default_rng([SEED, round(deviation * 10), number])
    entries = [Entry(f"{number}-{i}", CITIES[i % len(CITIES)]) for i in range(ENTRIES)]
    jurors = [Juror(f"{number}-{j}", CITIES[j % len(CITIES)]) for j in range(JURORS)]
    worth = {each.entry: float(generator.normal(60, WORTH)) for each in entries}
    leniency = {each.juror: float(generator.normal(0, deviation)) for each in jurors}
    scores = [
        Score(pair.entry, pair.juror, float(np.clip(np.round(points), 0, 100)))
        for pair in assign(entries, jurors, READS).assignments
        for points in [worth[pair.entry] + leniency[pair.juror] + generator.normal(0, NOISE)]
    ]
    return worth, rank(scores)


def accuracy(worth: dict[str, float], judged: dict[str, float]) -> float:
    """The share of pairs whose order is right; ties count half."""
    names = sorted(worth)
    true, found = (np.array([values[name] for name in names]) for values in (worth, judged))
    upper = np.triu_indices(len(names), 1)
    agreed = np.sign(true[:, None] - true)[upper] * np.sign(found[:, None] - found)[upper]
    return float((agreed + 1).mean() / 2)


def accuracies(worth: dict[str, float], ranking: Ranking) -> tuple[float, float]:
    """That of the mean, and that of what is adjusted."""
    raw = {each.entry: each.raw for each in ranking.entries}
    adjusted = {each.entry: each.adjusted or 0.0 for each in ranking.entries}
    return accuracy(worth, raw), accuracy(worth, adjusted)


def summary(deviation: float, runs: int) -> dict[str, Any]:
    """What these runs come to; `error` is the standard error of the mean gain."""
    found = [run(deviation, number) for number in range(runs)]
    both = np.array([accuracies(worth, ranking) for worth, ranking in found])
    gains = both[:, 1] - both[:, 0]
    return {
        "juror_deviation": deviation,
        "runs": runs,
        "mean": round(float(both[:, 0].mean()), 4),
        "adjusted": round(float(both[:, 1].mean()), 4),
        "gain": round(float(gains.mean()), 4),
        "error": round(float(gains.std(ddof=1) / sqrt(runs)), 4),
        "better": int((gains > 0).sum()),
        "first_run": [round(float(each), 4) for each in both[0]],
        "calibration": calibration(found),
    }


def calibration(found: list[tuple[dict[str, float], Ranking]]) -> list[dict[str, float]]:
    """How often an entry was worthier than the next, where that was said to be so probable."""
    said, true = [], []
    for worth, ranking in found:
        for one, after in pairwise(ranking.entries):
            said.append(one.p_above_next or 0.5)
            true.append(worth[one.entry] > worth[after.entry])
    chances, outcomes = np.array(said), np.array(true)
    rows = []
    for low, high in pairwise(BINS):
        inside = (chances >= low) & (chances < high)
        rows.append(
            {
                "from": low,
                "to": high,
                "pairs": int(inside.sum()),
                "said": round(float(chances[inside].mean()), 3),
                "true": round(float(outcomes[inside].mean()), 3),
            }
        )
    return rows


def simulate(runs: int = RUNS, usual_runs: int = USUAL_RUNS) -> dict[str, Any]:
    """The whole simulation."""
    return {
        "seed": SEED,
        "entries": ENTRIES,
        "jurors": JURORS,
        "reads": READS,
        "worth_deviation": WORTH,
        "noise_deviation": NOISE,
        "rows": [summary(each, usual_runs if each == USUAL else runs) for each in DEVIATIONS],
    }


def main() -> int:
    """Writes the figures and their picture."""
    found = simulate()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "simulation.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "simulation.svg").write_text(figure(found["rows"]), encoding="utf-8")
    for row in found["rows"]:
        print({name: value for name, value in row.items() if name != "calibration"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
