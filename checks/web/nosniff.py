"""web.nosniff: do browsers take each file for what the site says that it is? (Fetch, section 3.6)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict, failed, passed
from checks.evidence.pages import FrontPages
from checks.evidence.web import WebHosts
from checks.web.headers import shown, snippets
from checks.web.pages import Page, front_pages

ON = passed("on")
ABSENT = failed("absent")

SNIPPETS = snippets("X-Content-Type-Options", "nosniff")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each front page."""
    for seen in front_pages(evidence):
        yield seen if isinstance(seen, Verdict) else _of(seen)


def _of(page: Page) -> Verdict:
    """Of several values the first counts, and only one is known."""
    values = page.answer.values("x-content-type-options")
    is_on = ",".join(values).partition(",")[0].strip().lower() == "nosniff"
    facts = {"page": page.url, "header": shown(values)}
    return Verdict(ON, page.host, facts) if is_on else Verdict(ABSENT, page.host, facts, snippets=SNIPPETS)


CHECK = Check("web.nosniff", needs=(WebHosts, FrontPages), outcomes=(ON, ABSENT), judge=judge)
