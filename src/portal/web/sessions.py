"""Sessions on the server: none for those who only read, and never an id that we did not give out ourselves."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from portal.accounts.tables import Session
from portal.web import cookies
from portal.web.clients import Connection

COOKIE = "session"
IDLE = timedelta(days=8)
"""Longer than the proof of a domain is valid, which is what a session is for without an account."""
ABSOLUTE = timedelta(days=30)
TOUCHED_EVERY = timedelta(hours=1)

NEVER_PERSONAL = "/static/"

_ROTATE = "rotate_session"
_HOLDER = "holder"


def holder_of(connection: Connection) -> str:
    """Tells this browser from all others, to whom proofs of domains belong; stores a session where there is none."""
    session: dict[str, Any] = connection.scope["session"]  # type: ignore[assignment]
    return str(session.setdefault(_HOLDER, secrets.token_hex(16)))


def rotate(connection: Connection) -> None:
    """Gives the session a new id with this response: at every change of what its holder may do."""
    connection.scope["state"][_ROTATE] = True


@dataclass(slots=True)
class SessionMiddleware:
    """Loads `scope["session"]` for a cookie of ours, and keeps it where it changed."""

    app: ASGIApp
    secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An unknown or expired id counts as none: it is never adopted (session fixation)."""
        if scope["type"] != ScopeType.HTTP or scope["path"].startswith(NEVER_PERSONAL):
            await self.app(scope, receive, send)
            return
        shown = Connection(scope).cookies.get(cookies.name(COOKIE, secure=self.secure), "")
        row = await _load(shown) if shown else None
        before = json.loads(row.data) if row else {}
        scope["session"] = dict(before)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._keep(scope, row, before, message)
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    async def _keep(
        self, scope: Scope, row: Session | None, before: Mapping[str, Any], message: HTTPResponseStartEvent
    ) -> None:
        session = scope["session"]
        after: dict[str, Any] = session if isinstance(session, dict) else {}
        if row is not None and not after:
            await Session.delete().where(Session.id == row.id)
            cookies.put(message, COOKIE, "", secure=self.secure, max_age=0)
        elif after and (row is None or scope["state"].get(_ROTATE)):
            shown = await _keep_under_new_id(row, after)
            cookies.put(message, COOKIE, shown, secure=self.secure, max_age=int(ABSOLUTE.total_seconds()))
        elif row is not None:
            await _update(row, before, after)


async def _load(shown: str) -> Session | None:
    now = datetime.now(UTC)
    return (
        await Session.objects()
        .where(Session.id_hash == _hash(shown), Session.expires_at > now, Session.seen_at > now - IDLE)
        .first()
    )


async def _keep_under_new_id(row: Session | None, data: Mapping[str, Any]) -> str:
    now = datetime.now(UTC)
    shown = secrets.token_urlsafe(32)
    kept = row or Session(created_at=now, expires_at=now + ABSOLUTE)
    kept.id_hash, kept.data, kept.seen_at = _hash(shown), json.dumps(data), now
    await kept.save()
    return shown


async def _update(row: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    now = datetime.now(UTC)
    if after != before or now - row.seen_at > TOUCHED_EVERY:
        row.data, row.seen_at = json.dumps(after), now
        await row.save(columns=[Session.data, Session.seen_at])


async def forget_expired() -> None:
    """Removes sessions that nobody can come back to."""
    now = datetime.now(UTC)
    await Session.delete().where((Session.expires_at <= now) | (Session.seen_at <= now - IDLE))


def _hash(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
