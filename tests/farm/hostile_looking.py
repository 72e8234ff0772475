"""Looking at what means harm: within time, within memory, and without believing it."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.errors import UnusableDomainError
from checks.gather.network import Network, Resolver
from checks.inspection import Request, inspect
from tests.conftest import SOAK

COMMAND = Path(sys.executable).with_name("kyberkunto")
ALLOWED = "198.18.0.0/15"
WITHIN_S = 15.0
MEMORY_MB = 100.0
PATIENCE_S = 60.0
"""How long a busy machine may take where the time is not what is tested."""
OPEN = {"fail", "pass", "info"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding, and how many seconds after the start it came."""

    id: str
    status: str
    outcome: str
    after_s: float


async def look(domain: str, resolver: Resolver, network: Network | None = None) -> list[Seen]:
    """All findings, in this process; never longer than a busy machine may take."""
    network = network or Network(AddressGuard.allowing([ALLOWED]), (resolver,))
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        try:
            return [
                Seen(one.id, one.status.value, one.outcome, time.monotonic() - began)
                async for one in inspect(Request(domain, Consent(probes=True)), network)
            ]
        except UnusableDomainError:  # a mutated answer may well say that there is no such domain
            return []


async def look_measured(domain: str, resolver: Resolver) -> tuple[list[Seen], float]:
    """All findings of a command of its own, and the most memory it held, in megabytes."""
    process = await asyncio.create_subprocess_exec(
        *(COMMAND, "check", domain, "--json-lines", "--resolver", str(resolver), "--allow-network", ALLOWED),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    began, memory_mb, found = time.monotonic(), 0.0, []
    watching = asyncio.create_task(_peak_mb(process.pid))
    async for line in process.stdout:
        told = json.loads(line)
        if "id" in told:
            found.append(Seen(told["id"], told["status"], told["outcome"], time.monotonic() - began))
    errors = (await process.stderr.read()).decode()
    await process.wait()
    memory_mb = await watching
    assert "Traceback" not in errors, errors
    return found, memory_mb


async def _peak_mb(pid: int) -> float:
    """The most memory that a process has held when it ends (proc(5), VmHWM)."""
    peak_kb = 0
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text()  # noqa: ASYNC240 - the kernel's own, at once
        except OSError:
            return peak_kb / 1024
        peak_kb = max([peak_kb, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        if "State:\tZ" in status:
            return peak_kb / 1024
        await asyncio.sleep(0.05)


def require_sense(found: list[Seen], silenced: tuple[str, ...] = ()) -> None:
    """Nothing went wrong in our own program, and nothing is told, good or bad, of what was not seen."""
    assert {one.id for one in found if one.outcome == "our-error"} == set()
    assert {(one.id, one.outcome) for one in found if one.status in OPEN and one.id.startswith(silenced)} == set()


def faults(found: Iterable[Seen], *topics: str) -> set[tuple[str, str]]:
    return {(one.id, one.outcome) for one in found if one.status == "fail" and one.id.startswith(topics)}


async def look_at_all(
    wanted: list[tuple[str, Resolver]], record_property: Callable[[str, object], None]
) -> list[list[Seen]]:
    """All side by side in this process; in a soak first one after the other, timed and measured."""
    if SOAK:
        await _one_by_one(wanted, record_property)
    return await asyncio.gather(*(look(domain, resolver) for domain, resolver in wanted))


async def _one_by_one(wanted: list[tuple[str, Resolver]], record_property: Callable[[str, object], None]) -> None:
    slowest, largest = 0.0, 0.0
    for domain, resolver in wanted:
        found, memory_mb = await look_measured(domain, resolver)
        assert found, domain
        last = max(found, key=lambda one: one.after_s)
        assert last.after_s < WITHIN_S, (domain, last)
        assert memory_mb < MEMORY_MB, domain
        slowest, largest = max(slowest, last.after_s), max(largest, memory_mb)
    record_property("inspections", len(wanted))
    record_property("slowest finding", f"{slowest:.1f} s")
    record_property("most memory", f"{largest:.0f} MB")
