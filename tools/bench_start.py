"""How long `kyberkunto check` takes to its first packet: `tools/bench_start.py [--runs N] [--limit SECONDS]`.

Each run starts a new process whose resolver is a socket of ours on loopback, and stops the clock at its first datagram.
Beside it stand an empty Python and one that loads what asking asynchronously takes at least, measured in turn with it,
so that the figures can be compared between machines. The exit code is 1 where a limit is given and the median is above.
"""

import argparse
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from checks.registry import ALL_CHECKS

PYTHON = sys.executable
FLOOR = "import asyncio, ssl, dns.message"


def to_first_packet() -> float:
    """Seconds from the start of the command to its first datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
        resolver.bind(("127.0.0.1", 0))
        resolver.settimeout(30)
        where = f"127.0.0.1:{resolver.getsockname()[1]}"
        began = time.perf_counter()
        process = subprocess.Popen(
            (PYTHON, "-m", "portal.cli", "check", "kahvila.fi", "--resolver", where),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            resolver.recv(4096)
            return time.perf_counter() - began
        finally:
            process.kill()
            process.wait()


def to_the_end_of(code: str) -> float:
    """Seconds that Python takes to run this code."""
    began = time.perf_counter()
    subprocess.run((PYTHON, "-c", code), check=True)
    return time.perf_counter() - began


MEASURED: dict[str, Callable[[], float]] = {
    "kyberkunto check, to its first packet": to_first_packet,
    f'python -c "{FLOOR}"': lambda: to_the_end_of(FLOOR),
    'python -c "pass"': lambda: to_the_end_of("pass"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures all in turn, the first round thrown away: it fills the caches."""
    parser = argparse.ArgumentParser(description="Time to the first packet of a check.")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--limit", type=float, default=None, help="seconds that the median may take")
    args = parser.parse_args(arguments)
    rounds = [{name: measure() for name, measure in MEASURED.items()} for _ in range(args.runs + 1)][1:]
    print("Start-up of the command")
    print(f"  Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f},", end=" ")
    print(f"{args.runs} runs, {len(ALL_CHECKS)} checks")
    middle = {}
    for name in MEASURED:
        seconds = sorted(one[name] for one in rounds)
        middle[name] = statistics.median(seconds)
        print(f"  {middle[name] * 1000:6.0f} ms median ({seconds[0] * 1000:.0f} to {seconds[-1] * 1000:.0f})  {name}")
    first, floor, _ = middle.values()
    print(f"  {first / floor:6.1f} times what asking takes at least")
    return 1 if args.limit is not None and first > args.limit else 0


if __name__ == "__main__":
    sys.exit(main())
