"""Work that several want and that is done once, for as long as anybody waits for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

K = TypeVar("K")
T = TypeVar("T")


class _Shared(Struct, Generic[T], eq=False):
    task: asyncio.Task[T]
    waiting: int = 0


class Once(Struct, Generic[K, T], eq=False):
    """The results of one kind of work, by key. Work that its last asker gives up is ended and forgotten."""

    _shared: dict[K, _Shared[T]] = field(default_factory=dict)

    def __contains__(self, key: K) -> bool:
        return key in self._shared

    async def get(self, key: K, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of the work for that key, begun at the first call. Raises what the work raises."""
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = _Shared(asyncio.create_task(work()))
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.waiting -= 1
            if not shared.waiting and not shared.task.done():
                self._shared.pop(key, None)
                shared.task.cancel()
