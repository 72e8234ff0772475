"""How long a jury's mathematics take: who reads what, and the ranking that comes of it.

    .venv/bin/python tools/bench_jury.py [--runs N]

200 entries, 15 jurors and 3 reads each, with conflicts and homes; each run has another jury. What stands apart as
"solving" is the time inside HiGHS. Beside them stand the bare solver on the bare program (the same reads and loads, but
no conflicts, no cities and no costs of ours), and numpy on a dense system as large as all entries, jurors and the mean.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize
from scipy.sparse import csr_array

from challenge.assignment.assigning import assign
from challenge.assignment.people import Assignment, Entry, Juror, Pair
from challenge.ranking.ranking import FIXED, rank
from challenge.ranking.result import Score

ENTRIES, JURORS, READS = 200, 15, 3
CITIES = ("Helsinki", "Espoo", "Berlin", "Osaka", "Paris")
solving: list[float] = []


def jury(seed: int) -> tuple[list[Entry], list[Juror], list[Pair]]:
    """People of five cities, a few of them in the same house, and one conflict in twenty pairs."""
    chance = random.Random(seed)  # noqa: S311 - a bench
    entries = [Entry(f"e{i}", chance.choice(CITIES), f"house {chance.randrange(300)}") for i in range(ENTRIES)]
    jurors = [Juror(f"j{j}", CITIES[j % 5], f"house {chance.randrange(300)}") for j in range(JURORS)]
    conflicts = [Pair(i.entry, j.juror) for i in entries for j in jurors if chance.random() < 0.05]  # noqa: PLR2004 - one in twenty
    return entries, jurors, conflicts


def scores(found: Assignment, seed: int) -> list[Score]:
    """Scores for these panels, in whole points."""
    chance = random.Random(seed)  # noqa: S311 - a bench
    worth = {pair.entry: chance.gauss(60, 8) for pair in found.assignments}
    leniency = {name: chance.gauss(0, 5) for name in found.loads}
    return [
        Score(
            pair.entry,
            pair.juror,
            min(100, max(0, round(worth[pair.entry] + leniency[pair.juror] + chance.gauss(0, 7)))),
        )
        for pair in found.assignments
    ]


def bare_program() -> None:
    """The reads and the loads alone, given to the solver as they are."""
    pairs = ENTRIES * JURORS
    rows = np.concatenate([np.repeat(np.arange(ENTRIES), JURORS), ENTRIES + np.tile(np.arange(JURORS), ENTRIES)])
    matrix = csr_array((np.ones(2 * pairs), (rows, np.tile(np.arange(pairs), 2))))
    sums = np.concatenate([np.full(ENTRIES, READS), np.full(JURORS, ENTRIES * READS // JURORS)])
    scipy.optimize.milp(np.zeros(pairs), integrality=np.ones(pairs), constraints=[(matrix, sums, sums)], bounds=(0, 1))


def bare_system() -> None:
    """As many equations as the ranking has, solved and inverted by numpy."""
    size = ENTRIES + JURORS + 1
    matrix = np.eye(size) * size + np.ones((size, size))
    np.linalg.solve(matrix, np.ones(size))
    np.linalg.inv(matrix)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def watch_the_solver() -> None:
    """Has every call of HiGHS timed from now on."""
    solver = scipy.optimize.milp

    def watched(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever the solver takes
        taken, found = timed(lambda: solver(*arguments, **more))
        solving.append(taken)
        return found

    scipy.optimize.milp = watched


def one_round(seed: int) -> dict[str, float]:
    """Seconds for each, on one jury."""
    entries, jurors, conflicts = jury(seed)
    bare = timed(bare_program)[0]
    solving.clear()
    whole, found = timed(lambda: assign(entries, jurors, READS, conflicts))
    given = scores(found, seed)
    return {
        "assignment, solving": sum(solving),
        "assignment, in all": whole,
        "the bare program": bare,
        "ranking, variances fixed": timed(lambda: rank(given, FIXED))[0],
        "ranking, variances estimated": timed(lambda: rank(given))[0],
        "ranking, and the best 10": timed(lambda: rank(given, FIXED, top=10))[0],
        "a bare dense system": timed(bare_system)[0],
    }


def main() -> None:
    """Measures all in turn, the first round thrown away: it fills the caches."""
    parser = argparse.ArgumentParser(description="Timings of a jury's mathematics.")
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    watch_the_solver()
    rounds = [one_round(seed) for seed in range(runs + 1)][1:]
    middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    print(f"{ENTRIES} entries, {JURORS} jurors, {READS} reads each; {runs} juries")
    for name, seconds in middle.items():
        most = max(each[name] for each in rounds)
        print(f"  {seconds * 1000:7.1f} ms median, {most * 1000:7.1f} ms at most  {name}")
    print(f"  {middle['assignment, solving'] / middle['the bare program']:.1f} times the bare program is solved in")
    print(f"  {middle['ranking, variances fixed'] / middle['a bare dense system']:.1f} times a bare dense system")


if __name__ == "__main__":
    main()
