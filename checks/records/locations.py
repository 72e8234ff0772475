"""Where a redirect leads (RFC 3986, section 5), as far as we would follow it."""

from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct

from checks.errors import UnusableDomainError
from checks.names import parse_domain

MAX_SHOWN = 200
_IN_PATH = "/?&=:;,@!$'()*+%-._~[]"


class Target(Struct, frozen=True):
    """What to ask for: `host` in A-labels, `path` with its query, beginning with a slash and plain ASCII."""

    host: str
    secure: bool
    path: str = "/"

    def __str__(self) -> str:
        """As a URL."""
        return f"{'https' if self.secure else 'http'}://{self.host}{self.path}"

    def is_within(self, domain: str) -> bool:
        """Whether it is of that domain: the name itself or one below it."""
        return self.host == domain or self.host.endswith(f".{domain}")


def resolve(base: Target, location: str) -> Target | str:
    """Where a Location header leads. What we do not follow comes back as it was written, shortened.

    That is: other schemes than http and https, addresses in place of a name, ports other than the scheme's own.
    """
    try:
        parts = urlsplit(urljoin(str(base), location.strip()))
        port, host = parts.port, parse_domain(parts.hostname or "")
    except (ValueError, UnusableDomainError):
        return location[:MAX_SHOWN]
    secure = parts.scheme == "https"
    if parts.scheme not in {"http", "https"} or port not in {None, 443 if secure else 80}:
        return location[:MAX_SHOWN]
    query = f"?{parts.query}" if parts.query else ""
    return Target(host, secure, quote((parts.path or "/") + query, safe=_IN_PATH))
