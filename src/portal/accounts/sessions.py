"""What is kept of a session: its data under the hash of an id that only the browser's cookie holds."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.accounts.tables import Session

IDLE = timedelta(days=8)
"""Longer than the proof of a domain is valid, which is what a session is for without an account."""
ABSOLUTE = timedelta(days=30)
TOUCHED_EVERY = timedelta(hours=1)


async def load(shown: str) -> Session | None:
    """The session of that cookie; None for one that we never gave out or that has run out."""
    now = datetime.now(UTC)
    return (
        await Session.objects()
        .where(Session.id_hash == _hash(shown), Session.expires_at > now, Session.seen_at > now - IDLE)
        .first()
    )


async def keep_under_new_id(row: Session | None, data: Mapping[str, Any]) -> str:
    """Keeps the data, of a new session or of one whose id changes; returns the cookie's new value."""
    now = datetime.now(UTC)
    shown = secrets.token_urlsafe(32)
    kept = row or Session(created_at=now, expires_at=now + ABSOLUTE)
    kept.id_hash, kept.data, kept.seen_at = _hash(shown), json.dumps(data), now
    await kept.save()
    return shown


async def update(row: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Keeps what changed, and now and then that its holder was here."""
    now = datetime.now(UTC)
    if after != before or now - row.seen_at > TOUCHED_EVERY:
        row.data, row.seen_at = json.dumps(after), now
        await row.save(columns=[Session.data, Session.seen_at])


async def end(row: Session) -> None:
    """Ends a session at once."""
    await Session.delete().where(Session.id == row.id)


async def forget_expired() -> None:
    """Removes sessions that nobody can come back to."""
    now = datetime.now(UTC)
    await Session.delete().where((Session.expires_at <= now) | (Session.seen_at <= now - IDLE))


def _hash(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
