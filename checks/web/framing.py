"""web.framing: may a stranger's site show this one as if it were a part of it? (CSP3, section 6.4.2; HTML, 7.4.2)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, info, passed
from checks.evidence.pages import FrontPages
from checks.evidence.web import WebHosts
from checks.records import csp
from checks.web.headers import shown, snippets
from checks.web.pages import Page, front_pages

PROTECTED = passed("protected")
OPEN = info("open")
ABSENT = failed("absent")

SNIPPETS = snippets("X-Frame-Options", "SAMEORIGIN")
_KNOWN = {"deny", "sameorigin", "allowall"}
"""What browsers know, if only as a contradiction to another; ALLOW-FROM is of the past, and says nothing to them."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each front page. Where a policy speaks of frames, the older header is passed over."""
    for seen in front_pages(evidence):
        yield seen if isinstance(seen, Verdict) else _of(seen)


def _of(page: Page) -> Verdict:
    policies = page.answer.values("content-security-policy")
    options = page.answer.values("x-frame-options")
    said = [policy.framing for header in policies for policy in csp.parse(header) if policy.framing is not None]
    rules = [policy for policy in policies if "frame-ancestors" in policy.lower()]
    facts: dict[str, Json] = {"page": page.url, "policy": shown(rules), "header": shown(options)}
    if said:
        return Verdict(OPEN if all(said) else PROTECTED, page.host, facts)
    if _keeps_out(options):
        return Verdict(PROTECTED, page.host, facts)
    return Verdict(ABSENT, page.host, facts, snippets=SNIPPETS)


def _keeps_out(options: tuple[str, ...]) -> bool:
    """Whether X-Frame-Options does; values that contradict each other keep everybody out."""
    values = {value.strip().lower() for header in options for value in header.split(",")}
    return bool(values & _KNOWN) if len(values) > 1 else bool(values & {"deny", "sameorigin"})


CHECK = Check("web.framing", needs=(WebHosts, FrontPages), outcomes=(PROTECTED, OPEN, ABSENT), judge=judge)
