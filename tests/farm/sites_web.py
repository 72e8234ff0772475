"""Broken domains: what the web server says."""

from tests.farm.site import Site, broken
from tests.farm.web import Web

BROKEN: tuple[Site, ...] = (
    broken("no-redirect", ("web.redirect", "absent"), web=Web(http="serve")),
    broken("no-hsts", ("web.hsts", "absent"), web=Web(hsts=None)),
    broken("hsts-off", ("web.hsts", "absent"), web=Web(hsts="max-age=0")),
    broken("hsts-invalid", ("web.hsts", "invalid"), web=Web(hsts="includeSubDomains")),
    broken("short-hsts", ("web.hsts", "short"), web=Web(hsts="max-age=300")),
)
