import asyncio

import pytest

from checks.gather.once import Once


async def test_work_is_done_once_for_all_askers() -> None:
    done: list[str] = []

    async def work() -> str:
        await asyncio.sleep(0)
        done.append("work")
        return "result"

    once: Once[str, str] = Once()
    assert await asyncio.gather(once.get("a", work), once.get("a", work)) == ["result", "result"]
    assert await once.get("a", work) == "result"
    assert done == ["work"]
    assert "a" in once
    assert "b" not in once


async def test_work_goes_on_while_one_asker_waits() -> None:
    release = asyncio.Event()

    async def work() -> str:
        await release.wait()
        return "result"

    once: Once[str, str] = Once()
    impatient, patient = asyncio.create_task(once.get("a", work)), asyncio.create_task(once.get("a", work))
    await asyncio.sleep(0)
    impatient.cancel()
    release.set()
    assert await patient == "result"


async def test_work_that_nobody_waits_for_is_ended_and_can_begin_again() -> None:
    ended = asyncio.Event()

    async def endless() -> str:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return "never"

    async def quick() -> str:
        return "result"

    once: Once[str, str] = Once()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await once.get("a", endless)
    await ended.wait()
    assert await once.get("a", quick) == "result"


async def test_failure_reaches_every_asker() -> None:
    async def work() -> str:
        raise LookupError("ours")

    once: Once[str, str] = Once()
    results = await asyncio.gather(once.get("a", work), once.get("a", work), return_exceptions=True)
    assert [repr(result) for result in results] == ["LookupError('ours')"] * 2
