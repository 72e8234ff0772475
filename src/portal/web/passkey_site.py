"""For which site browsers make passkeys here: that of the operator's settings, never one that a request made up."""

import ipaddress
from urllib.parse import urlsplit

from portal import settings
from portal.accounts.passkeys import Site
from portal.web.clients import Connection

LOCALHOST = "localhost"


def passkey_site(connection: Connection) -> Site | None:
    """The site; None where browsers make none: without TLS, and at a bare address of the internet.

    On the machine itself `localhost` counts as if it had TLS (W3C Secure Contexts, section 3.1).
    """
    parts = urlsplit(settings.current().public_url or str(connection.base_url))
    domain = parts.hostname or ""
    trusted = parts.scheme == "https" and bool(settings.current().public_url) and not _is_address(domain)
    if not trusted and domain != LOCALHOST:
        return None
    return Site(domain, f"{parts.scheme}://{parts.netloc.lower()}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
