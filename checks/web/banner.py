"""web.banner: does the site tell everybody which version of which program it runs? (RFC 9110, section 10.2.4)."""

import re
from collections.abc import Iterator, Mapping

from checks.contract import Check, Evidence, Json, Snippet, Verdict, failed, passed
from checks.evidence.pages import FrontPages
from checks.evidence.web import WebHosts
from checks.web.headers import MAX_SHOWN
from checks.web.pages import Page, front_pages

DISCREET = passed("discreet")
VERSION_SHOWN = failed("version-shown")

_TELLING = {
    "server": "Server",
    "x-powered-by": "X-Powered-By",
    "x-aspnet-version": "X-AspNet-Version",
    "x-aspnetmvc-version": "X-AspNetMvc-Version",
    "x-generator": "X-Generator",
}
_VERSION = re.compile(r"\d+\.\d+")
"""A name alone is no help to anybody, nor is one number."""

_IIS = """<configuration>
  <system.webServer>
    <security>
      <requestFiltering removeServerHeader="true" />
    </security>
  </system.webServer>
</configuration>"""
SNIPPETS: Mapping[str, Snippet] = {
    "nginx": Snippet("nginx", "server_tokens off;"),
    "microsoft-iis": Snippet("iis", _IIS),
}
"""By the name that the server gives itself; Caddy never tells its version.

None for Apache: ServerTokens stands in its main configuration only, and in a site's own block keeps it from starting.
"""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each front page."""
    for seen in front_pages(evidence):
        yield seen if isinstance(seen, Verdict) else _of(seen)


def _of(page: Page) -> Verdict:
    said = [(name, value) for name, value in page.answer.headers if name in _TELLING]
    telling = [(name, value) for name, value in said if _VERSION.search(value)]
    headers = [f"{_TELLING[name]}: {value}"[:MAX_SHOWN] for name, value in telling or said]
    facts: dict[str, Json] = {"page": page.url, "headers": [*headers]}
    if not telling:
        return Verdict(DISCREET, page.host, facts)
    return Verdict(VERSION_SHOWN, page.host, facts, snippets=_snippets(telling))


def _snippets(telling: list[tuple[str, str]]) -> tuple[Snippet, ...]:
    """The lines for the server that told its version, where it alone did: for other programs there are none."""
    if [name for name, _value in telling] != ["server"]:
        return ()
    product = telling[0][1].partition("/")[0].strip().lower()
    return (SNIPPETS[product],) if product in SNIPPETS else ()


CHECK = Check("web.banner", needs=(WebHosts, FrontPages), outcomes=(DISCREET, VERSION_SHOWN), judge=judge)
