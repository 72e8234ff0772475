"""Sessions on the server: none for those who only read, and never an id that we did not give out ourselves."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from portal.accounts import devices, sessions
from portal.accounts.sessions import Rise
from portal.accounts.tables import Session
from portal.accounts.viewer import VISITOR, Viewer, viewer_in
from portal.web import cookies
from portal.web.clients import Connection

COOKIE = "session"
NEVER_PERSONAL = "/static/"

_RISE = "session_rises"
_ENDS = "session_ends"
_VIEWER = "viewer"
_HOLDER = "holder"


def viewer_of(connection: Connection) -> Viewer:
    """Who asks, as it was when the request came in."""
    found: Viewer = connection.scope["state"].get(_VIEWER, VISITOR)
    return found


def holder_of(connection: Connection) -> str:
    """Tells this browser from all others, to whom proofs of domains belong; stores a session where there is none."""
    session: dict[str, Any] = connection.scope["session"]  # type: ignore[assignment]
    return str(session.setdefault(_HOLDER, secrets.token_hex(16)))


def sign_in(connection: Connection, person: UUID) -> None:
    """Signs that person in with this response, in a session of their own."""
    device = devices.named(connection.headers.get("user-agent", ""))
    connection.scope["state"][_RISE] = Rise(person=person, device=device)


def step_up(connection: Connection) -> None:
    """Keeps with this response that who is signed in showed their second factor; the session gets a new id."""
    connection.scope["state"][_RISE] = Rise(stepped_up=True)


def sign_out(connection: Connection) -> None:
    """Ends the session with this response."""
    connection.scope["state"][_ENDS] = True


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
        scope["state"][_VIEWER] = await viewer_in(row)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._keep(scope, row, before, message)
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    async def _keep(
        self, scope: Scope, row: Session | None, before: Mapping[str, Any], message: HTTPResponseStartEvent
    ) -> None:
        session, rise = scope["session"], scope["state"].get(_RISE)
        after: dict[str, Any] = session if isinstance(session, dict) else {}
        if row is not None and (scope["state"].get(_ENDS) or not (after or row.person or rise)):
            await sessions.end(row)
            cookies.put(message, COOKIE, "", secure=self.secure, max_age=0)
        elif rise is not None or (after and row is None):
            shown = await sessions.keep_under_new_id(row, after, rise)
            cookies.put(message, COOKIE, shown, secure=self.secure, max_age=int(sessions.ABSOLUTE.total_seconds()))
        elif row is not None:
            await sessions.update(row, before, after)
