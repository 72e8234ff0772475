"""Forms' protection: a write needs the token that only a page of ours can have shown (OWASP, signed double submit).

The cookie is set when a page asks for the token, so that reading pages sets none. Browsers also say by themselves
(Sec-Fetch-Site) where a request comes from; one from elsewhere is refused even with a token.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from portal import settings
from portal.web import cookies
from portal.web.clients import Connection

FIELD = "_csrf"
HEADER = "x-csrf-token"
COOKIE = "csrf"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ONE_CLICK = re.compile(r"/[a-z]{2}/w/[^/]+/unsubscribe")
"""Mail programs post there without having seen a page of ours (RFC 8058); whoever knows the address may."""

_TOKEN = "csrf_token"  # noqa: S105 - a key of the request's state
_FROM_HERE = {"same-origin", "none"}
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def csrf_token(connection: Connection) -> str:
    """The token for this page's forms, in the hidden field `_csrf` or the header X-CSRF-Token."""
    state = connection.scope["state"]
    if _TOKEN not in state:
        state[_TOKEN] = _new_token()
    token: str = state[_TOKEN]
    return token


@dataclass(slots=True)
class CsrfMiddleware:
    """Refuses writes without the token, and sets the cookie where a page asked for one."""

    app: ASGIApp
    secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises PermissionDeniedException for a write whose token is missing, forged or from elsewhere."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        request: Request[object, object, object] = Request(scope, receive=receive, send=send)  # type: ignore[type-var]
        shown = request.cookies.get(cookies.name(COOKIE, secure=self.secure), "")
        if _is_ours(shown):
            scope["state"][_TOKEN] = shown
        if scope["method"] not in SAFE_METHODS and not ONE_CLICK.fullmatch(scope["path"]):
            await _require_token(request, shown)
        await self.app(scope, receive, self._setting(scope, shown, send))

    def _setting(self, scope: HTTPScope, shown: str, send: Send) -> Send:
        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                token = scope["state"].get(_TOKEN, shown)
                if token != shown:
                    cookies.put(message, COOKIE, token, secure=self.secure)
            await send(message)

        return send_with_cookie


async def _require_token(request: Request[object, object, object], shown: str) -> None:  # type: ignore[type-var]
    if request.headers.get("sec-fetch-site", "none") not in _FROM_HERE:
        raise PermissionDeniedException("a form of another site")
    sent = request.headers.get(HEADER)
    if sent is None and request.content_type[0] in _FORMS:
        sent = str((await request.form()).get(FIELD, ""))
    if not _is_ours(shown) or not secrets.compare_digest((sent or "").encode(), shown.encode()):
        raise PermissionDeniedException("no token, or another one than the cookie's")


def _new_token() -> str:
    value = secrets.token_hex(16)
    return f"{value}.{_signature(value)}"


def _is_ours(token: str) -> bool:
    value, _, signature = token.partition(".")
    return bool(value) and secrets.compare_digest(signature.encode(), _signature(value).encode())


def _signature(value: str) -> str:
    return hmac.new(settings.current().secret.encode(), f"csrf:{value}".encode(), hashlib.sha256).hexdigest()
