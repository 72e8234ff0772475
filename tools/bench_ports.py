"""How long a port scan takes: 34 ports on two hosts, most of them silent, beside nmap alone on the same work.

Needs a network of its own (`tools/own-network`) and nft, with which it makes hosts that say nothing.
"""

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from checks.addresses import AddressGuard
from checks.evidence.ports import ALIVE, Door
from checks.gather.ports import PORTS, scan

HOSTS = ("198.18.200.1", "198.18.200.2")
ROUNDS = 3


def main() -> None:
    """Prints one line for each way, the middle of a few rounds."""
    if shutil.which("nft") is None or shutil.which("nmap") is None:
        print("nft or nmap is not installed: no bench of port scans here")
        sys.exit(0)
    for silent in ("all but the web's", "all"):
        _drop(keep=ALIVE if silent != "all" else ())
        doors = [socket.create_server((host, port)) for host in HOSTS for port in ALIVE]
        print(f"{len(PORTS)} ports on {len(HOSTS)} hosts, silent: {silent}")
        _tell("ours, side by side", _ours)
        _tell("nmap alone, -T4 --max-retries 1, one process", _nmap)
        for door in doors:
            door.close()


def _drop(keep: tuple[int, ...]) -> None:
    kept = f"tcp dport != {{ {', '.join(map(str, keep))} }} " if keep else ""
    subprocess.run(["nft", "flush", "ruleset"], check=True)
    for rule in (
        "add table inet bench",
        "add chain inet bench in { type filter hook input priority 0; policy accept; }",
        f"add rule inet bench in ip daddr {{ {', '.join(HOSTS)} }} {kept}tcp flags == syn drop",
    ):
        subprocess.run(["nft", rule], check=True)


def _tell(name: str, way: Callable[[], Coroutine[Any, Any, int]]) -> None:
    times = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        silent = asyncio.run(way())
        times.append(time.monotonic() - began)
    print(f"  {name}: {sorted(times)[ROUNDS // 2]:.2f} s ({silent} silent)")


async def _ours() -> int:
    guard = AddressGuard.allowing(["198.18.0.0/15"])
    found = await asyncio.gather(*(scan(guard.vet(host), PORTS) for host in HOSTS))
    return sum(door is Door.FILTERED for one in found for door in one.doors.values())


async def _nmap() -> int:
    flags = ("-oX", "-", "-sT", "-Pn", "-n", "-vv", "-T4", "--max-retries", "1", "-p", ",".join(map(str, PORTS)))
    process = await asyncio.create_subprocess_exec("nmap", *flags, *HOSTS, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    return output.count(b'state="filtered"')


if __name__ == "__main__":
    main()
