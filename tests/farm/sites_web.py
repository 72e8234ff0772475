"""Broken domains: what the web server says."""

from dataclasses import replace

from tests.farm.site import Site, broken
from tests.farm.web import GOOD_HEADERS, GOOD_WEB, Web

CONTACT = "Contact: mailto:security@farm.test"
_PLACE = "/.well-known/security.txt"


def saying(name: str, value: str | None, web: Web = GOOD_WEB) -> Web:
    """The web server with that header in the place of the one it has; with None, without it."""
    others = tuple((key, said) for key, said in GOOD_HEADERS if key != name)
    return replace(web, headers=others if value is None else (*others, (name, value)))


def security_txt(*lines: str, place: str = _PLACE, kind: str = "text/plain") -> str:
    """The line with which nginx serves that file."""
    text = "".join(f"{line}\\n" for line in lines)
    return f'location = {place} {{ default_type {kind}; return 200 "{text}"; }}'


OLD_PLACE = (
    security_txt(CONTACT, "Expires: 2099-01-01T00:00:00Z", place="/security.txt"),
    "location /.well-known/ { return 404; }",
)

BROKEN: tuple[Site, ...] = (
    broken("no-redirect", ("web.redirect", "absent"), web=Web(http="serve")),
    broken("no-hsts", ("web.hsts", "absent"), web=Web(hsts=None)),
    broken("hsts-off", ("web.hsts", "absent"), web=Web(hsts="max-age=0")),
    broken("hsts-invalid", ("web.hsts", "invalid"), web=Web(hsts="includeSubDomains")),
    broken("short-hsts", ("web.hsts", "short"), web=Web(hsts="max-age=300")),
    broken("no-csp", ("web.csp", "absent"), web=saying("Content-Security-Policy", None)),
    broken("csp-of-nothing", ("web.csp", "absent"), web=saying("Content-Security-Policy", "upgrade-insecure-requests")),
    broken(
        "csp-inline", ("web.csp", "weak"), web=saying("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")
    ),
    broken("csp-anywhere", ("web.csp", "weak"), web=saying("Content-Security-Policy", "script-src https:")),
    broken("no-nosniff", ("web.nosniff", "absent"), web=saying("X-Content-Type-Options", None)),
    broken("no-framing", ("web.framing", "absent"), web=saying("X-Frame-Options", None)),
    broken(
        "framing-of-the-past",
        ("web.framing", "absent"),
        web=saying("X-Frame-Options", "ALLOW-FROM https://partner.test/"),
    ),
    broken("referrer-leaks", ("web.referrer", "leaks"), web=saying("Referrer-Policy", "unsafe-url")),
    broken(
        "session-in-the-open",
        ("web.cookies", "session-in-the-open"),
        web=saying("Set-Cookie", "PHPSESSID=1; path=/; HttpOnly; domain=session-in-the-open.test"),
    ),
    broken(
        "cookie-in-the-open",
        ("web.cookies", "in-the-open"),
        web=saying("Set-Cookie", "choice=1; path=/; domain=cookie-in-the-open.test"),
    ),
    broken("session-readable", ("web.cookies", "readable"), web=saying("Set-Cookie", "JSESSIONID=1; path=/; Secure")),
    broken("cookie-refused", ("web.cookies", "refused"), web=saying("Set-Cookie", "__Host-a=1; path=/shop; Secure")),
    broken(
        "security-expired",
        ("web.security_txt", "expired"),
        web=Web(https_lines=(security_txt("# Ours", CONTACT, "Expires: 2024-01-01T00:00:00Z"),)),
    ),
    broken(
        "security-no-expiry",
        ("web.security_txt", "malformed"),
        web=Web(https_lines=(security_txt("Contact: security@farm.test", "Preferred-Languages: fi, en"),)),
    ),
    broken(
        "security-as-html",
        ("web.security_txt", "malformed"),
        web=Web(https_lines=(security_txt(CONTACT, "Expires: 2099-01-01T00:00:00Z", kind="text/html"),)),
    ),
    broken(
        "security-no-contact",
        ("web.security_txt", "malformed"),
        web=Web(https_lines=(security_txt("Expires: 2099-01-01T00:00:00Z"),)),
    ),
    broken("version-shown", ("web.banner", "version-shown"), web=Web(https_lines=("server_tokens on;",))),
    broken("php-shown", ("web.banner", "version-shown"), web=saying("X-Powered-By", "PHP/7.4.3")),
)
