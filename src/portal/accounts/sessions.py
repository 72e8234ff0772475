"""What is kept of a session: its data under the hash of an id that only the browser's cookie holds."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from portal import clock
from portal.accounts.tables import Session
from portal.accounts.viewer import is_stepped_up

IDLE = timedelta(days=8)
"""Longer than the proof of a domain is valid, which is what a session is for without an account."""
ABSOLUTE = timedelta(days=30)
TOUCHED_EVERY = timedelta(hours=1)
TOUCHED_EVERY_STEPPED_UP = timedelta(minutes=1)
"""The second step holds for an hour without a request (`portal.accounts.viewer`), which must be seen precisely."""


class Rise(Struct, frozen=True):
    """What becomes of a session with a new id: who is signed in there from now on, and what they showed.

    `person`: None leaves who it was. `stepped_up`: they showed their second factor just now. `device`: for their list.
    """

    person: UUID | None = None
    stepped_up: bool = False
    device: str = ""


async def load(shown: str) -> Session | None:
    """The session of that cookie; None for one that we never gave out or that has run out."""
    now = clock.now()
    return (
        await Session.objects()
        .where(Session.id_hash == _hash(shown), Session.expires_at > now, Session.seen_at > now - IDLE)
        .first()
    )


async def keep_under_new_id(row: Session | None, data: Mapping[str, Any], rise: Rise | None = None) -> str:
    """Keeps the data, of a new session or of one whose id changes; returns the cookie's new value.

    Who signs in begins a session of their own, with the time of a new one: the one before it, which somebody else may
    know, ends.
    """
    now = clock.now()
    shown = secrets.token_urlsafe(32)
    kept = row
    if kept is None or (rise is not None and rise.person is not None):
        kept = Session(created_at=now, expires_at=now + ABSOLUTE)
        if row is not None:
            await end(row)
    kept.id_hash, kept.data, kept.seen_at = _hash(shown), json.dumps(data), now
    if rise is not None:
        kept.person = rise.person or kept.person
        kept.device = rise.device or kept.device
        kept.second_step_at = now if rise.stepped_up else kept.second_step_at
    await kept.save()
    return shown


async def update(row: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Keeps what changed, and now and then that its holder was here.

    A second step that is over is forgotten before that: its holder's coming back does not revive it.
    """
    now = clock.now()
    if row.second_step_at is not None and not is_stepped_up(row):
        row.second_step_at = None
        await row.save(columns=[Session.second_step_at])
    every = TOUCHED_EVERY if row.second_step_at is None else TOUCHED_EVERY_STEPPED_UP
    if after != before or now - row.seen_at > every:
        row.data, row.seen_at = json.dumps(after), now
        await row.save(columns=[Session.data, Session.seen_at])


async def end(row: Session) -> None:
    """Ends a session at once."""
    await Session.delete().where(Session.id == row.id)


async def sessions_of(person: UUID) -> Sequence[Session]:
    """Where that person is signed in, the newest first; of what a session holds, nothing."""
    now = clock.now()
    alive = (Session.expires_at > now) & (Session.seen_at > now - IDLE)
    return await Session.objects().where(Session.person == person, alive).order_by(Session.seen_at, ascending=False)


async def end_of(person: UUID, session: UUID) -> bool:
    """Ends one session of that person; whether there was one."""
    return bool(await Session.delete().where(Session.person == person, Session.id == session).returning(Session.id))


async def end_others(person: UUID, kept: UUID | None) -> None:
    """Ends every session of that person but one; with None, each."""
    others = Session.person == person
    await Session.delete().where(others & (Session.id != kept) if kept is not None else others)


async def forget_second_steps(person: UUID, kept: UUID | None) -> None:
    """What needs the second factor needs it again in every session of that person but one; with None, in each."""
    theirs = Session.person == person
    where = theirs & (Session.id != kept) if kept is not None else theirs
    await Session.update({Session.second_step_at: None}).where(where)


async def forget_expired() -> None:
    """Removes sessions that nobody can come back to."""
    now = clock.now()
    await Session.delete().where((Session.expires_at <= now) | (Session.seen_at <= now - IDLE))


def _hash(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
