"""The headers that every response carries (OWASP ASVS 5.0, V3.4): what a browser may do with our pages."""

from litestar.datastructures import MutableScopeHeaders
from litestar.status_codes import HTTP_200_OK
from litestar.types import Message, Scope

from portal import settings
from portal.web.clients import Connection
from portal.web.sessions import viewer_of

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PRIVATE = ("/a/", "/q/", "/s/", "/w/", "/calendar/", "/sign-in/")
"""Under these, whatever there is (a check, a sheet, what was shared, a calendar) is for whoever knows its address: it
stays in no cache and no search engine. So does every page of who is signed in."""
UNLISTED = "/b/"
"""A badge's page is public, but only from the firm's own site: nobody is to list who was checked."""
EMBEDDED = "/badge.svg"
"""The end of a badge's address: the one thing of ours that other sites show, a picture that can do nothing."""
FOR_EVER = "public, max-age=31536000, immutable"
"""The addresses of static files change with their content (`portal.templating.static`)."""

_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_PICTURE = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}
_SVG = "image/svg+xml"
_AN_HOUR = "public, max-age=3600"
_HSTS = "max-age=31536000"


async def add_security_headers(message: Message, scope: Scope) -> None:
    """A hook before each response starts, errors and files included."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in _ALWAYS.items():
        headers[name] = value
    if headers.get("content-type") == _SVG:  # as with every text, its letters are said (V4.1.1)
        headers["content-type"] = f"{_SVG}; charset=utf-8"
    chosen = settings.current()
    if chosen.https:
        headers["strict-transport-security"] = f"{_HSTS}; includeSubDomains" if chosen.hsts_subdomains else _HSTS
    if UNLISTED in scope["path"]:
        headers["x-robots-tag"] = "noindex, nofollow"
    if scope["path"].endswith(EMBEDDED):
        headers.update(_PICTURE)
        headers["cache-control"] = _AN_HOUR if message["status"] == HTTP_200_OK else "no-store"
    elif any(part in scope["path"] for part in PRIVATE) or viewer_of(Connection(scope)).person is not None:
        headers["cache-control"] = "no-store"
        headers["x-robots-tag"] = "noindex, nofollow"
    elif scope["path"].startswith("/static/") and b"v=" in scope["query_string"]:
        headers["cache-control"] = FOR_EVER
    else:
        headers["cache-control"] = "no-cache"
