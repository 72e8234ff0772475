"""web.cookies: does the site keep to itself the cookies by which it knows its visitors? (RFC 6265bis, section 4.1)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Outcome, Verdict, failed, passed
from checks.evidence.pages import FrontPages
from checks.evidence.web import WebHosts
from checks.records import hsts
from checks.records.set_cookie import Cookie, parse
from checks.web.headers import MAX_SHOWN
from checks.web.hsts import HALF_A_YEAR
from checks.web.pages import Page, front_pages

SAFE = passed("safe")
NONE = passed("none")
SESSION_IN_THE_OPEN = failed("session-in-the-open")
IN_THE_OPEN = failed("in-the-open")
READABLE = failed("readable")
REFUSED = failed("refused")

MAX_NAMES = 20
_WORST_FIRST = (SESSION_IN_THE_OPEN, IN_THE_OPEN, READABLE, REFUSED)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each front page: the worst of the cookies that it sets; those it deletes are none."""
    for seen in front_pages(evidence):
        yield seen if isinstance(seen, Verdict) else _of(seen)


def _of(page: Page) -> Verdict:
    found = [parse(value) for value in page.answer.values("set-cookie")]
    cookies = [cookie for cookie in found if cookie and not cookie.is_taken_back(page.seen_at.date())]
    faults = [(cookie, _fault(cookie, page)) for cookie in cookies if not cookie.is_providers]
    worst = next((outcome for outcome in _WORST_FIRST if any(fault is outcome for _cookie, fault in faults)), None)
    if worst is None:
        return Verdict(SAFE if cookies else NONE, page.host, _facts(page, cookies))
    return Verdict(worst, page.host, _facts(page, [cookie for cookie, fault in faults if fault is worst]))


def _fault(cookie: Cookie, page: Page) -> Outcome | None:
    """The worst of one cookie. A script may need to read one that is no session, such as a chosen language."""
    if cookie.is_refused:
        return REFUSED
    if not (cookie.secure or _stays_encrypted(cookie, page)):
        return SESSION_IN_THE_OPEN if cookie.is_session else IN_THE_OPEN
    return READABLE if cookie.is_session and not cookie.http_only else None


def _stays_encrypted(cookie: Cookie, page: Page) -> bool:
    """Whether browsers open no place unencrypted to which they would send it, for what the same answer says (HSTS)."""
    headers = page.answer.values("strict-transport-security")
    policy = hsts.parse(headers[0]) if headers else None
    if policy is None or policy.max_age < HALF_A_YEAR.total_seconds():
        return False
    below = cookie.domain
    return not below or (below == page.host and policy.include_subdomains)


def _facts(page: Page, cookies: list[Cookie]) -> dict[str, Json]:
    names: list[Json] = [*dict.fromkeys(cookie.name[:MAX_SHOWN] for cookie in cookies)]
    return {"page": page.url, "cookies": names[:MAX_NAMES]}


CHECK = Check(
    "web.cookies",
    needs=(WebHosts, FrontPages),
    outcomes=(SAFE, NONE, SESSION_IN_THE_OPEN, IN_THE_OPEN, READABLE, REFUSED),
    judge=judge,
)
