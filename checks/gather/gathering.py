"""One domain's evidence being gathered: each part once, all side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from checks.contract import NO_CONSENT, Consent
from checks.gather.network import Network

P = TypeVar("P")


@dataclass(slots=True)
class Gathering:
    """What gatherers are given: the domain, the way out, the asker's consent, and each other's parts.

    `sources` says which function gathers which part (see `checks.gather.sources`).
    """

    domain: str
    network: Network
    sources: Mapping[type, "Gatherer"]
    consent: Consent = NO_CONSENT
    _parts: dict[type, "asyncio.Task[object]"] = field(default_factory=dict)

    async def part(self, kind: type[P]) -> P:
        """The part of that type, gathered at the first call and shared by all later ones.

        Raises whatever its gatherer raises; KeyError where no source is registered.
        """
        if kind not in self._parts:
            self._parts[kind] = asyncio.ensure_future(self.sources[kind](self))
        found = await asyncio.shield(self._parts[kind])
        assert isinstance(found, kind)  # noqa: S101 - tells mypy what the table of sources guarantees
        return found

    async def close(self) -> None:
        """Ends whatever is still being gathered, and the questions that nobody waits for any more."""
        for task in self._parts.values():
            task.cancel()
        await asyncio.gather(*self._parts.values(), return_exceptions=True)
        await self.network.close()


Gatherer = Callable[[Gathering], Awaitable[object]]
