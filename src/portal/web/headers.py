"""The headers that every response carries (OWASP ASVS 5.0, V3.4): what a browser may do with our pages."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from portal import settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PRIVATE = ("/a/", "/q/")
"""What is under an assessment's or a sheet's address is for whoever knows it: in no cache and no search engine."""
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
_HSTS = "max-age=31536000"


async def add_security_headers(message: Message, scope: Scope) -> None:
    """A hook before each response starts, errors and files included."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in _ALWAYS.items():
        headers[name] = value
    if settings.current().https:
        headers["strict-transport-security"] = _HSTS
    if any(part in scope["path"] for part in PRIVATE):
        headers["cache-control"] = "no-store"
        headers["x-robots-tag"] = "noindex, nofollow"
    elif scope["path"].startswith("/static/") and b"v=" in scope["query_string"]:
        headers["cache-control"] = FOR_EVER
    else:
        headers["cache-control"] = "no-cache"
