"""Sessions on the server: none for those who only read, and never an id that we did not give out ourselves."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from portal.accounts import sessions
from portal.accounts.tables import Session
from portal.web import cookies
from portal.web.clients import Connection

COOKIE = "session"
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
        row = await sessions.load(shown) if shown else None
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
            await sessions.end(row)
            cookies.put(message, COOKIE, "", secure=self.secure, max_age=0)
        elif after and (row is None or scope["state"].get(_ROTATE)):
            shown = await sessions.keep_under_new_id(row, after)
            cookies.put(message, COOKIE, shown, secure=self.secure, max_age=int(sessions.ABSOLUTE.total_seconds()))
        elif row is not None:
            await sessions.update(row, before, after)
