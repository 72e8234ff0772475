"""What all inspections of one process together ask of any one address: many domains may live on the same server."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from checks.errors import TooManyCallsError

AT_ONCE = 64
"""Connections to one address at a time: some three inspections' worth; a small server still serves its visitors."""
PER_MINUTE = 600
"""Connections to one address in a minute. One inspection makes fewer than 60 to all servers of its domain."""
PATIENCE_S = 4.0
"""How long a connection waits for its turn: it is part of the seconds that its check may take."""
_MINUTE_S = 60.0
_TIDY_AT = 1000


class _Place(Struct, eq=False):
    """One address: its free turns, how many hold or await one, and until when the minute's allowance is used up."""

    free: asyncio.Semaphore
    wanted: int = 0
    used_until: float = 0.0


class Politeness:
    """Turns at an address: `at_once` at a time; `per_minute` at once after a quiet minute, and then as time passes.

    One object is shared by every `Network` of a process, and belongs to its event loop. All addresses of an IPv6
    network of 64 bits count as one.
    """

    def __init__(self, at_once: int = AT_ONCE, per_minute: int = PER_MINUTE, patience_s: float = PATIENCE_S) -> None:
        self._at_once = at_once
        self._step_s = _MINUTE_S / per_minute
        self._patience_s = patience_s
        self._places: dict[str, _Place] = {}

    async def take(self, address: str, calls: int = 1) -> None:
        """Waits for a turn at that address; whoever got one calls `give_back` once, however the call went.

        `calls`: what the turn costs of the minute's allowance; a port scan is one turn and many calls.

        Raises:
            TooManyCallsError: the turn would have come too late. That says nothing about the address.
        """
        place = self._place(address)
        place.wanted += 1
        try:
            async with asyncio.timeout(self._patience_s):
                await asyncio.sleep(self._use_allowance(place, calls))
                await place.free.acquire()
        except BaseException as error:
            place.wanted -= 1
            if isinstance(error, TimeoutError):
                raise TooManyCallsError from error
            raise

    def give_back(self, address: str) -> None:
        """Ends a turn."""
        place = self._places[_key(address)]
        place.wanted -= 1
        place.free.release()

    @asynccontextmanager
    async def turn(self, address: str, calls: int = 1) -> AsyncIterator[None]:
        """A turn for as long as the block runs. Raises TooManyCallsError as `take` does."""
        await self.take(address, calls)
        try:
            yield
        finally:
            self.give_back(address)

    def _use_allowance(self, place: _Place, calls: int) -> float:
        """Takes the calls from the allowance (generic cell rate algorithm); the seconds until they may be made."""
        now = asyncio.get_running_loop().time()
        used_until = max(place.used_until, now) + calls * self._step_s
        wait_s = max(0.0, used_until - now - _MINUTE_S)
        if wait_s > self._patience_s:
            raise TooManyCallsError
        place.used_until = used_until
        return wait_s

    def _place(self, address: str) -> _Place:
        key = _key(address)
        if key not in self._places:
            if len(self._places) >= _TIDY_AT:
                self._tidy()
            self._places[key] = _Place(asyncio.Semaphore(self._at_once))
        return self._places[key]

    def _tidy(self) -> None:
        """Forgets addresses that nobody calls and that have their whole allowance again."""
        now = asyncio.get_running_loop().time()
        self._places = {key: place for key, place in self._places.items() if place.wanted or place.used_until > now}


def _key(address: str) -> str:
    """One host commonly holds a whole IPv6 network of 64 bits."""
    if ":" not in address:
        return address
    return str(ipaddress.IPv6Network((address, 64), strict=False))
