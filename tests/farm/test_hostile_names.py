"""Whatever the name service does to us, an inspection ends in time, within its memory, and accuses nobody.

One at a time, in a process of its own that is timed and measured, in a soak; else all side by side.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import dns.message
import pytest

from checks.gather.network import Resolver
from tests.checks.gather.responder import responding
from tests.conftest import SOAK
from tests.farm import hostile
from tests.farm.hostile import endless
from tests.farm.hostile_looking import OPEN, PATIENCE_S, WITHIN_S, look, look_at_all, require_sense
from tests.farm.hostile_names import BUSY_RESOLVERS, FAT, MUTE_RESOLVERS, TCP_RESOLVERS, mutating, telling
from tests.farm.processes import Processes, accepts

CANNOT_TELL = {"dns-failed", "dns-timeout", "connection-timeout"}
"""The last where a busy machine meets the deadline of the whole before the resolver has had all its turns."""


@pytest.mark.farm
@pytest.mark.soak
async def test_hostile_resolvers(record_property: Callable[[str, object], None]) -> None:
    """None of them ever says anything that can be believed."""
    async with AsyncExitStack() as stack:
        resolvers = [
            *[(await stack.enter_async_context(responding(behave))).resolver for behave in MUTE_RESOLVERS.values()],
            *[await stack.enter_async_context(hostile.truncating(handle)) for handle in TCP_RESOLVERS.values()],
        ]
        looks = await look_at_all([("firm.test", resolver) for resolver in resolvers], record_property)
    for name, found in zip((*MUTE_RESOLVERS, *TCP_RESOLVERS), looks, strict=True):
        assert {(one.id, one.outcome) for one in found if one.status in OPEN} == set(), name
        assert {one.outcome for one in found if one.status == "unknown"} <= {"dns-failed", "dns-timeout"}, name


@pytest.mark.farm
@pytest.mark.soak
async def test_resolvers_that_make_us_work(record_property: Callable[[str, object], None]) -> None:
    """They answer, but slowly, in part, with far too much, or in a way that leads on and on."""
    async with AsyncExitStack() as stack:
        resolvers = [
            (await stack.enter_async_context(responding(behave, delay_s))).resolver
            for behave, delay_s in BUSY_RESOLVERS.values()
        ]
        looks = await look_at_all([("firm.test", resolver) for resolver in resolvers], record_property)
    for found in looks:
        require_sense(found)


@pytest.mark.farm
@pytest.mark.soak
async def test_mutated_answers(record_property: Callable[[str, object], None]) -> None:
    """A seed, so that a failure can be seen again; some ten thousand answers in a soak."""
    rounds, replies = 240 if SOAK else 4, 0
    for begin in range(0, rounds, 10):
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(responding(mutating(random.Random(seed))))  # noqa: S311 - a test's dice
                for seed in range(begin, min(begin + 10, rounds))
            ]
            looks = await asyncio.gather(*(look("firm.test", server.resolver) for server in servers))
            replies += sum(len(server.queries) for server in servers)
        for found in looks:
            require_sense(found)
            assert max([0.0, *(one.after_s for one in found)]) < (WITHIN_S if SOAK else PATIENCE_S)
    record_property("mutated answers", replies)


_UNBOUND = """
server:
  interface: {address}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  username: ""
  chroot: ""
  directory: "{directory}"
  pidfile: ""
  use-syslog: no
  module-config: "iterator"
  local-zone: "test." nodefault
stub-zone:
  name: "flood.test"
  stub-addr: {flooding}
stub-zone:
  name: "dead.test"
  stub-addr: {dead}
"""
RESOLVER, FLOODING, DEAD = "198.18.66.53", "198.18.66.54", "198.18.66.55"
_FLOOD = 10 * 1024 * 1024


async def _flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One TXT answer of 60 KB after the other, ten megabytes in all, to any question."""
    length = int.from_bytes(await reader.readexactly(2), "big")
    reply = telling(dns.message.from_wire(await reader.readexactly(length)), FAT)
    await endless(b"", len(reply).to_bytes(2, "big") + reply, _FLOOD)(reader, writer)


@pytest.mark.farm
@pytest.mark.soak
async def test_hostile_servers_behind_a_true_resolver(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Name servers that flood, and such as are all dead, with a real unbound between them and us."""
    (tmp_path / "unbound.conf").write_text(
        _UNBOUND.format(address=RESOLVER, directory=tmp_path, flooding=FLOODING, dead=DEAD)
    )
    processes = Processes(tmp_path)
    processes.start("unbound", "unbound", "-d", "-c", tmp_path / "unbound.conf", ready=lambda: accepts(RESOLVER, 53))
    wanted = [("flood.test", Resolver(RESOLVER)), ("dead.test", Resolver(RESOLVER))]
    async with AsyncExitStack() as stack:
        stack.callback(processes.stop)
        await stack.enter_async_context(hostile.truncating(_flood, FLOODING, 53))
        await stack.enter_async_context(hostile.silent_names(DEAD, 53))
        await asyncio.to_thread(processes.wait)
        flooded, dead = await look_at_all(wanted, record_property)
    require_sense(flooded)
    assert {one.status for one in dead} <= {"unknown", "not_applicable"}
    assert {one.outcome for one in dead if one.status == "unknown"} <= {"dns-failed", "dns-timeout"}
