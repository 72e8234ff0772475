import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator

import pytest

from checks.addresses import AddressGuard, VettedAddress
from checks.errors import TooManyCallsError
from checks.evidence.lookups import Reach
from checks.gather import politeness as politeness_module
from checks.gather.network import Network, reach_of
from checks.gather.politeness import Politeness

HERE = VettedAddress("127.0.0.1")


class Crowd:
    """Counts who is at an address, and the most that were there together."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def visit(self, politeness: Politeness, address: str, stay_s: float = 0.02) -> None:
        async with politeness.turn(address):
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(stay_s)
            self.now -= 1


async def test_only_so_many_are_at_an_address_and_all_get_their_turn() -> None:
    crowd, politeness = Crowd(), Politeness(at_once=3)
    await asyncio.gather(*(crowd.visit(politeness, "192.0.2.1") for _ in range(20)))
    assert (crowd.most, crowd.now) == (3, 0)


async def test_addresses_do_not_wait_for_each_other() -> None:
    crowd, politeness = Crowd(), Politeness(at_once=1)
    await asyncio.gather(*(crowd.visit(politeness, f"192.0.2.{number}") for number in range(10)))
    assert crowd.most == 10


async def test_ipv6_network_counts_as_one_address() -> None:
    crowd, politeness = Crowd(), Politeness(at_once=1)
    await asyncio.gather(*(crowd.visit(politeness, f"2001:db8::{number}") for number in range(5)))
    assert crowd.most == 1


async def test_whoever_waits_too_long_is_told_so_and_the_line_goes_on() -> None:
    crowd, politeness = Crowd(), Politeness(at_once=1, patience_s=0.1)
    ended = await asyncio.gather(
        *(crowd.visit(politeness, "192.0.2.1", stay_s=0.07) for _ in range(5)), return_exceptions=True
    )
    assert [type(end) for end in ended if end] == [TooManyCallsError] * 3
    await crowd.visit(politeness, "192.0.2.1")


async def test_whoever_gives_up_waiting_takes_no_turn() -> None:
    politeness = Politeness(at_once=1)
    await politeness.take("192.0.2.1")
    waiting = asyncio.create_task(politeness.take("192.0.2.1"))
    await asyncio.sleep(0)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    politeness.give_back("192.0.2.1")
    await asyncio.wait_for(politeness.take("192.0.2.1"), 1)


async def test_minute_has_its_limit() -> None:
    politeness = Politeness(per_minute=600, patience_s=0.25)
    await politeness.take("192.0.2.1", calls=598)
    async with asyncio.timeout(0.05):
        await politeness.take("192.0.2.1")
        await politeness.take("192.0.2.1")
    began = asyncio.get_running_loop().time()
    await politeness.take("192.0.2.1")
    assert 0.05 < asyncio.get_running_loop().time() - began < 1
    with pytest.raises(TooManyCallsError):
        await politeness.take("192.0.2.1", calls=10)
    await politeness.take("192.0.2.2", calls=600)


async def test_addresses_of_the_past_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness_module, "_TIDY_AT", 10)
    politeness = Politeness(per_minute=60_000)  # an allowance that is whole again after a millisecond
    await politeness.take("192.0.2.250")
    for number in range(100):
        async with politeness.turn(f"192.0.2.{number}"):
            await asyncio.sleep(0.002)
    assert len(politeness._places) <= 10  # noqa: SLF001 - what must not grow
    assert "192.0.2.250" in politeness._places  # noqa: SLF001 - still held


def test_our_own_limit_is_nobodys_silence() -> None:
    assert reach_of(TooManyCallsError()) is Reach.BUSY_HERE
    assert Reach.BUSY_HERE.reason.name == "busy-here"


@contextlib.asynccontextmanager
async def _hanging_up() -> AsyncIterator[int]:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def test_turn_ends_with_its_connection_however_that_ends() -> None:
    politeness = Politeness(at_once=1, patience_s=1)
    network = Network(AddressGuard(), (), politeness=politeness)
    async with _hanging_up() as port:
        for _ in range(3):  # closed by us
            _, writer = await network.connect(HERE, port)
            writer.transport.abort()
        _, writer = await network.connect(HERE, port)  # closed by them
        writer.close()
        _, writer = await network.connect(HERE, port)  # in the middle of a handshake
        with pytest.raises((OSError, ssl.SSLError)):
            await writer.start_tls(ssl.create_default_context(), server_hostname="example.fi")
        writer.transport.abort()
    with pytest.raises(ConnectionRefusedError):
        await network.connect(HERE, port)
    await asyncio.wait_for(politeness.take(HERE.text), 1)


async def test_turn_ends_where_there_is_no_time_left() -> None:
    politeness = Politeness(at_once=1, patience_s=1)
    network = Network(AddressGuard(), (), politeness=politeness)
    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(TimeoutError):
        await network.connect(HERE, door.getsockname()[1], timeout_s=0)
    await asyncio.wait_for(politeness.take(HERE.text), 1)
