"""web.redirect: does somebody who types the bare name end up on the encrypted site? (RFC 9110, section 15.4)."""

from collections.abc import Iterator

from checks.contract import (
    NO_HTTPS,
    NO_WEB,
    Check,
    Evidence,
    Json,
    Outcome,
    Snippet,
    Verdict,
    failed,
    info,
    passed,
    unknown,
)
from checks.evidence.lookups import Reach
from checks.evidence.web import Door, Trail, TrailEnd, Trails, WebHost, WebHosts

REDIRECTS = passed("redirects")
HTTPS_ONLY = passed("https-only")
ABSENT = failed("absent")
OTHER_SITE = info("other-site")
BY_PAGE = info("by-page")
ERROR_PAGE = unknown("error-page")
TOO_MANY = unknown("too-many")
NOT_FOLLOWED = unknown("not-followed")

_WORST_FIRST = (ABSENT, BY_PAGE, OTHER_SITE, REDIRECTS, HTTPS_ONLY)
_ENDS = {
    TrailEnd.OTHER_SITE: OTHER_SITE,
    TrailEnd.TOO_MANY: TOO_MANY,
    TrailEnd.NOT_FOLLOWED: NOT_FOLLOWED,
}


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each host that has HTTPS to lead to."""
    web, trails = evidence.part(WebHosts), evidence.part(Trails)
    if not web.hosts:
        yield Verdict(NO_WEB, evidence.domain)
    for host in web.hosts:
        if trails.leads_back(host):
            yield Verdict(NO_HTTPS, host.host)  # a redirect would only send visitors round in circles
        else:
            yield _of(host, trails) if host.encrypted else Verdict(host.without_https, host.host)


def _of(host: WebHost, trails: Trails) -> Verdict:
    """The worst that was seen at any address; what could not be seen counts only where nothing was."""
    states = [(door.address, *_state(host.host, door, trails)) for door in host.doors]
    rank = {outcome: place for place, outcome in enumerate(_WORST_FIRST)}
    _address, worst, trail = min(states, key=lambda each: rank.get(each[1], len(rank)))
    facts: dict[str, Json] = {"addresses": [address for address, outcome, _trail in states if outcome is worst]}
    if trail is not None:
        facts |= {"path": [*trail.urls], "target": trail.urls[-1], "status": trail.status}
    return Verdict(worst, host.host, facts, snippets=snippets(host.host) if worst is ABSENT else ())


def _state(host: str, door: Door, trails: Trails) -> tuple[Outcome, Trail | None]:
    trail = trails.trails.get((host, door.address))
    if trail is None:
        return (HTTPS_ONLY if door.http.reach is Reach.REFUSED else door.http.reason), None
    return _meaning(trail), trail


def _meaning(trail: Trail) -> Outcome:
    """Where the trail leads. One that breaks off, be it at an https address, has not been seen to arrive."""
    if trail.end in _ENDS:
        return _ENDS[trail.end]
    if trail.reason is not None:
        return trail.reason
    if trail.urls[-1].startswith("https://"):
        return REDIRECTS
    # An error page over http may be all that we, or a machine, are shown: it is no proof of a site in the open.
    if trail.status is None or not 200 <= trail.status < 300:  # noqa: PLR2004 - RFC 9110, section 15.3
        return ERROR_PAGE
    return BY_PAGE if trail.by_page else ABSENT


def snippets(host: str) -> tuple[Snippet, ...]:
    """The lines that send visitors of that host on to https."""
    return (
        Snippet("nginx", "if ($scheme = http) {\n    return 301 https://$host$request_uri;\n}", "http"),
        Snippet("apache", f'Redirect permanent "/" "https://{host}/"', "http"),
        Snippet("iis", _IIS.format(host=host), "http"),
        Snippet("caddy", f"http://{host} {{\n\tredir https://{host}{{uri}} permanent\n}}", "http"),
    )


_IIS = """<configuration>
  <system.webServer>
    <rewrite>
      <rules>
        <rule name="To HTTPS" stopProcessing="true">
          <match url="(.*)" />
          <conditions>
            <add input="{{HTTPS}}" pattern="^OFF$" />
          </conditions>
          <action type="Redirect" url="https://{host}/{{R:1}}" redirectType="Permanent" />
        </rule>
      </rules>
    </rewrite>
  </system.webServer>
</configuration>"""

CHECK = Check(
    "web.redirect",
    needs=(WebHosts, Trails),
    outcomes=(REDIRECTS, HTTPS_ONLY, ABSENT, BY_PAGE, OTHER_SITE, ERROR_PAGE, TOO_MANY, NOT_FOLLOWED),
    judge=judge,
)
