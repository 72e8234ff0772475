"""Pages that a filter shows in place of the site, to find out whether a browser asks, with the status of success."""

from checks.evidence.web import HttpAnswer
from checks.records.http_body import beginning

_MARKS = (
    b"sucuri_cloudproxy_js",  # Sucuri
    b"<title>one moment, please...</title>",  # Imunify360, which many shared hosts have
    b"/.well-known/sgcaptcha/",  # SiteGround
    b"/_incapsula_resource?cwudnsai=",  # Imperva; without that word it is part of ordinary pages
    b"/.within.website/x/cmd/anubis",  # Anubis
    b"<title>just a moment...</title>",  # Cloudflare, passed on by somebody else's proxy
    b"bm-verify=",  # Akamai
)
"""In lower case. Each stands in nothing but such a page."""


def is_doorkeepers(answer: HttpAnswer) -> bool:
    """Whether a filter answered for the site: the site's own page and headers were not seen then."""
    text = (beginning(answer) or b"").lower()
    return any(mark in text for mark in _MARKS)
