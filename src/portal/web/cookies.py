"""Our cookies: bound to this host, out of reach of scripts, and not sent along from other sites."""

from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import HTTPResponseStartEvent


def name(base: str, *, secure: bool) -> str:
    """`__Host-` binds a cookie to this very host over TLS (RFC 6265bis); plain http on loopback cannot have it."""
    return f"__Host-{base}" if secure else base


def put(message: HTTPResponseStartEvent, base: str, value: str, *, secure: bool, max_age: int | None = None) -> None:
    """Adds a cookie to a response that is about to start; with `max_age` 0 it is taken away."""
    cookie = Cookie(
        key=name(base, secure=secure),
        value=value,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
        max_age=max_age,
    )
    MutableScopeHeaders.from_message(message).add("set-cookie", cookie.to_header(header=""))
