"""One domain's evidence being gathered: each part once, all side by side."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from msgspec import Struct, field

from checks.contract import NO_CONSENT, Consent
from checks.gather.network import Network

P = TypeVar("P")


class Gathering(Struct, eq=False):
    """What gatherers are given: the domain, the way out, the asker's consent, and each other's parts.

    `sources` says which function gathers which part (see `checks.gather.sources`); `began` is by `time.monotonic`.
    """

    domain: str
    network: Network
    sources: Mapping[type, "Gatherer"]
    consent: Consent = NO_CONSENT
    began: float = field(default_factory=time.monotonic)
    _parts: dict[type, "asyncio.Future[object]"] = field(default_factory=dict)
    _ahead: list["asyncio.Task[object]"] = field(default_factory=list)

    def start(self, kind: type) -> None:
        """Begins to gather a part, if nobody has yet; waits for nothing. KeyError where no source is registered."""
        if kind not in self._parts:
            self._parts[kind] = asyncio.ensure_future(self.sources[kind](self))

    def look_ahead(self, name: str, rdtype: str) -> None:
        """Puts a question to the name service that a gatherer will want answered."""
        self._ahead.append(asyncio.create_task(self.network.ask(name, rdtype)))

    async def part(self, kind: type[P]) -> P:
        """The part of that type, gathered at the first call and shared by all later ones.

        Raises whatever its gatherer raises; KeyError where no source is registered.
        """
        self.start(kind)
        found = await asyncio.shield(self._parts[kind])
        assert isinstance(found, kind)  # noqa: S101 - tells mypy what the table of sources guarantees
        return found

    async def close(self) -> None:
        """Ends whatever is still being gathered, and the questions that nobody waits for any more.

        What was gathered is let go: some parts gather on, and so know this object, and the two would keep each other,
        the network and all its answers until a search for garbage finds them.
        """
        begun = (*self._parts.values(), *self._ahead)
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        self._parts.clear()
        self._ahead.clear()
        await self.network.close()


Gatherer = Callable[[Gathering], Awaitable[object]]
