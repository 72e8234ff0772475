"""A whole check over simulated delay, and many at once: `tools/bench_delay.py [--runs N] [--crowd N]`.

Runs inside tools/own-network. Starts the farm, and the command in a namespace of its own that is so far away from it
(tests/farm/distance.py). From the medians it fits time = own cost + k round trips, and counts the connections.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.farm.distance import Distance
from tests.farm.farm import Farm, missing
from tests.farm.site import Site
from tests.farm.sites import ALL_SITES

ROUND_TRIPS_S = (0.02, 0.1, 0.25)
MOST_ROUND_TRIPS, MOST_OWN_S, MOST_CONNECTIONS, MOST_FOR_TEN, MOST_PROCESSOR_S = 9, 0.4, 60, 1.3, 0.15
DOMAINS = ("good.test", "kahvila.test", "tls12.test", "two-mx.test", "spf-redirect.test")
MANY = 10
"""Domains at once, beside one."""
COMMAND = Path(sys.executable).with_name("kyberkunto")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: seconds to its first line, to its end, and on the processor; the most memory it held."""

    first_s: float
    whole_s: float
    processor_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Bench:
    """The farm, and how far away from it commands run."""

    farm: Farm
    distance: Distance

    def run(self, *arguments: str) -> Run:
        """Runs the command from afar, to its end."""
        options = ("--resolver", self.farm.resolver, "--allow-network", self.farm.allow_network)
        command = self.distance.command(str(COMMAND), *arguments, *options)
        environment = {**os.environ, "SSL_CERT_FILE": str(self.farm.ca_file), "SSL_CERT_DIR": ""}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling what has changed is no part of a check
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        with process.stdout or sys.stdin as output:
            output.readline()
            first = time.perf_counter() - began
            output.read()
        _, status, used = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(command)}: ended with {status}")
        whole = time.perf_counter() - began
        return Run(first, whole, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def median(self, runs: int, *arguments: str) -> Run:
        """The median of each figure; the first run, which fills the caches, is thrown away."""
        self.run(*arguments)
        measured = [self.run(*arguments) for _ in range(runs)]
        return Run(*(statistics.median(getattr(one, name) for one in measured) for name in Run.__slots__))


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and intercept of the straight line through these points (least squares)."""
    fitted = statistics.linear_regression(*zip(*points, strict=True))
    return fitted.slope, fitted.intercept


def bench_check(bench: Bench, runs: int) -> None:
    """One domain after the other, at each delay."""
    print("kyberkunto check, ports aside; medians")
    for domain in DOMAINS:
        whole, first = [], []
        for delay in ROUND_TRIPS_S:
            bench.distance.set_round_trip(delay)
            whole.append((delay, bench.median(runs, "check", domain, "--json").whole_s))
            first.append((delay, bench.median(runs, "check", domain, "--json-lines").first_s))
        bench.distance.connections()
        bench.run("check", domain, "--json")
        doors = {door: count for door, count in bench.distance.connections().items() if not door.endswith(".53:53")}
        trips, own = line(whole)
        first_trips, first_own = line(first)
        print(f"  {domain}: " + ", ".join(f"{delay * 1000:.0f} ms {took:.2f} s" for delay, took in whole))
        print(
            f"    {own:.2f} s of its own (at most {MOST_OWN_S}), {trips:.1f} round trips (at most {MOST_ROUND_TRIPS})"
        )
        print(f"    first finding after {first_own:.2f} s and {first_trips:.1f} round trips (at most 2)")
        most = max(doors.values(), default=0)
        print(f"    {sum(doors.values())} connections (at most {MOST_CONNECTIONS}), {most} at most to one door")


def bench_batch(bench: Bench, runs: int, directory: Path, crowd: Sequence[Site]) -> None:
    """Ten domains at once beside one."""
    bench.distance.set_round_trip(ROUND_TRIPS_S[-1])
    took = {}
    for count in (1, MANY):
        names = directory / f"{count}.txt"
        names.write_text("\n".join(site.domain for site in crowd[:count]))
        took[count] = bench.median(runs, "batch", str(names))
    ratio = took[MANY].whole_s / took[1].whole_s
    print(f"kyberkunto batch at 250 ms: 1 domain {took[1].whole_s:.2f} s, {MANY} domains {took[MANY].whole_s:.2f} s")
    print(f"  {ratio:.2f} times (at most {MOST_FOR_TEN})")


def bench_crowd(bench: Bench, directory: Path, crowd: Sequence[Site]) -> None:
    """What each of many domains costs on the processor, and whether memory grows with their number."""
    bench.distance.set_round_trip(0)
    used = {}
    for count in (max(len(crowd) // 10, 1), len(crowd)):
        names = directory / f"crowd-{count}.txt"
        names.write_text("\n".join(site.domain for site in crowd[:count]))
        used[count] = bench.run("batch", str(names))
    print("kyberkunto batch without delay")
    for count, run in used.items():
        print(f"  {count} domains: {run.whole_s:.0f} s, {run.processor_s / count:.3f} s of processor each", end=" ")
        print(f"(at most {MOST_PROCESSOR_S}), {run.peak_mb:.0f} MB at most")


def main() -> None:
    """Measures, and says what it saw."""
    parser = argparse.ArgumentParser(description="A whole check over simulated delay.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--crowd", type=int, default=1000, help="domains in the long list")
    args = parser.parse_args()
    if reason := missing():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as directory:
        crowd = tuple(Site(f"firm{number}") for number in range(max(args.crowd, MANY)))
        farm = Farm(Path(directory), (*ALL_SITES, *crowd))
        farm.start()
        try:
            with Distance() as distance:
                bench = Bench(farm, distance)
                bench_check(bench, args.runs)
                bench_batch(bench, args.runs, Path(directory), crowd)
                bench_crowd(bench, Path(directory), crowd[: args.crowd])
        finally:
            farm.stop()


if __name__ == "__main__":
    main()
