"""Front pages over https as judges get them."""

from collections.abc import Mapping

from checks.contract import Check, Finding, Outcome
from checks.evidence.pages import Arrival, FrontPages, SecurityFiles
from checks.evidence.web import HttpAnswer, Trail, TrailEnd
from tests.checks.making import NOW
from tests.checks.seen import ADDRESS, DOMAIN, door, handshake, host, judged

WWW = f"www.{DOMAIN}"
Header = tuple[str, str]


def page(
    *headers: Header, name: str = DOMAIN, status: int = 200, body: bytes = b"</head>", cut_off: bool = False
) -> Arrival:
    """An answer of that host to a request for its own front page."""
    answer = HttpAnswer(status, headers, body, cut_off)
    trail = Trail((f"https://{name}/",), TrailEnd.ANSWERED, status)
    return Arrival(trail, answer, name, ADDRESS, handshakes=((name, handshake()),))


def way(*urls: str, end: TrailEnd, name: str = DOMAIN, reason: Outcome | None = None, secure: bool = True) -> Arrival:
    """A way that ends like that; the last answer came from that host."""
    return Arrival(Trail(urls, end, 301, reason), HttpAnswer(301), name, ADDRESS, secure)


def of(check: Check, arrivals: Mapping[str, Arrival], *names: str) -> list[Finding]:
    """The findings where these hosts have HTTPS and lead there, by default only the domain itself."""
    parts = (FrontPages(arrivals, NOW), SecurityFiles(arrivals, NOW))
    return judged(check, [host(door(), name=name) for name in names or (DOMAIN,)], *parts)


def finding(check: Check, *headers: Header, body: bytes = b"</head>", cut_off: bool = False) -> Finding:
    """The one finding about a front page with these headers."""
    (found,) = of(check, {DOMAIN: page(*headers, body=body, cut_off=cut_off)})
    return found


def outcome(check: Check, *headers: Header) -> str:
    """How it ends for a front page with these headers."""
    return finding(check, *headers).outcome
