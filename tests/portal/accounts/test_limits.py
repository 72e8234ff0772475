import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts import limits
from portal.accounts.tables import Allowance
from portal.errors import TooManyRequestsError

pytestmark = pytest.mark.usefixtures("portal")

HOUR = timedelta(hours=1)


async def taken(key: str, tries: int, count: int, period: timedelta = HOUR) -> int:
    results = await asyncio.gather(
        *(limits.take("things", key, count, period) for _ in range(tries)), return_exceptions=True
    )
    assert all(result is None or isinstance(result, TooManyRequestsError) for result in results)
    return results.count(None)


async def test_as_many_as_allowed_get_through_even_all_at_once() -> None:
    assert await taken("somebody", tries=40, count=7) == 7


async def test_others_are_counted_by_themselves() -> None:
    assert await taken("somebody", tries=5, count=3) == 3
    assert await taken("somebody else", tries=5, count=3) == 3


async def test_same_key_of_another_limit_is_counted_by_itself() -> None:
    assert await taken("somebody", tries=5, count=3) == 3
    await limits.take("other things", "somebody", 1, HOUR)


async def test_refusal_says_when_the_next_is_allowed() -> None:
    await taken("somebody", tries=4, count=4)
    with pytest.raises(TooManyRequestsError) as refusal:
        await limits.take("things", "somebody", 4, HOUR)
    assert 890 <= refusal.value.retry_after_s <= 900


async def test_after_that_time_one_gets_through_again() -> None:
    assert await taken("somebody", tries=10, count=4) == 4
    quarter = HOUR // timedelta(microseconds=1) // 4
    found = await Allowance.select(Allowance.used_until).first()
    assert found is not None
    await Allowance.update({Allowance.used_until: found["used_until"] - quarter}, force=True)
    assert await taken("somebody", tries=10, count=4) == 1


async def test_what_limits_nobody_any_more_is_forgotten() -> None:
    await limits.take("things", "somebody", 1000, timedelta(milliseconds=1))
    await limits.take("things", "somebody else", 1, HOUR)
    await asyncio.sleep(0.01)
    await limits.forget_unused()
    assert await Allowance.count() == 1


async def test_when_the_next_is_allowed_can_be_asked_without_taking_one() -> None:
    for _ in range(4):
        assert await limits.next_at("things", "somebody", 4, HOUR) is None
        await limits.take("things", "somebody", 4, HOUR)
    allowed = [await limits.next_at("things", "somebody", 4, HOUR) for _ in range(2)]
    assert allowed[0] == allowed[1]
    with pytest.raises(TooManyRequestsError) as refusal:
        await limits.take("things", "somebody", 4, HOUR)
    assert allowed[0] is not None
    assert abs((allowed[0] - datetime.now(UTC)).total_seconds() - refusal.value.retry_after_s) <= 2
    assert await limits.next_at("things", "somebody else", 4, HOUR) is None
