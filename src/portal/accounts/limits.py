"""Limits that all processes share, kept in the database: so many in a while, then one at a time as time passes.

The generic cell rate algorithm: for each key one moment is kept until which its allowance is used up. Taking one
moves that moment by `period / count`, and it may lie at most `period` ahead. One statement does it, so that of two
who come at once nobody slips through.
"""

import hashlib
import math
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from portal.accounts.tables import Allowance
from portal.database import rows
from portal.errors import TooManyRequestsError

SLACK = timedelta(seconds=2)
"""Clocks differ a little, and a request may wait before its statement runs: by so much `now` may lie behind."""

_TAKE = """
    INSERT INTO allowance (id, key_hash, used_until) VALUES ({}, {}, {})
    ON CONFLICT (key_hash) DO UPDATE SET
      used_until = {} + CASE WHEN allowance.used_until > {} THEN allowance.used_until ELSE {} END
    WHERE allowance.used_until <= {}
    RETURNING used_until
"""


async def take(limit: str, key: str, count: int, period: timedelta) -> None:
    """Takes one of the `count` that `key` has in `period`; `limit` names what is limited.

    Raises:
        TooManyRequestsError: none is left; says when the next one is.
    """
    now = time.time_ns() // 1000
    step = period // timedelta(microseconds=1) // count
    key_hash = _hash(limit, key)
    latest = now + _ahead(count, period)
    if await rows(_TAKE, uuid4(), key_hash, now + step, step, now, now, latest):
        return
    found = await Allowance.select(Allowance.used_until).where(Allowance.key_hash == key_hash).first()
    wait_us = (found["used_until"] if found else latest) - latest
    raise TooManyRequestsError(limit, max(1, math.ceil(wait_us / 1_000_000)))


async def next_at(limit: str, key: str, count: int, period: timedelta) -> datetime | None:
    """From when `take` gets one again; None where it would now. Takes nothing."""
    found = await Allowance.select(Allowance.used_until).where(Allowance.key_hash == _hash(limit, key)).first()
    free_from = found["used_until"] - _ahead(count, period) if found else 0
    return datetime.fromtimestamp(free_from / 1_000_000, UTC) if free_from > time.time_ns() // 1000 else None


async def forget(limit: str, key: str) -> None:
    """Removes what that key has used."""
    await Allowance.delete().where(Allowance.key_hash == _hash(limit, key))


async def forget_unused() -> None:
    """Removes what limits nobody any more."""
    await Allowance.delete().where(Allowance.used_until < time.time_ns() // 1000)


def _hash(limit: str, key: str) -> str:
    return hashlib.sha256(f"{limit}:{key}".encode()).hexdigest()


def _ahead(count: int, period: timedelta) -> int:
    """How far ahead of now, in microseconds, an allowance may be used up for one more to be taken."""
    whole = period // timedelta(microseconds=1)
    step = whole // count
    slack = min(SLACK // timedelta(microseconds=1), step // 2)  # less than a step: never one more than allowed
    return whole - step + slack
