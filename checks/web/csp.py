"""web.csp: do browsers know which scripts belong to the site? (Content Security Policy Level 3)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, passed, unknown
from checks.evidence.pages import FrontPages
from checks.evidence.web import WebHosts
from checks.records import csp
from checks.records.http_body import beginning, content
from checks.records.page import head_of
from checks.web.headers import shown
from checks.web.pages import Page, front_pages

STRICT = passed("strict")
WEAK = failed("weak")
ABSENT = failed("absent")
PAGE_TOO_LONG = unknown("page-too-long")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each front page: of its header's policies and those in the page's own head, which all apply.

    A policy that only reports is none. Nothing is offered to copy: which scripts a site needs, only its owner knows.
    """
    for seen in front_pages(evidence):
        yield seen if isinstance(seen, Verdict) else _of(seen)


def _of(page: Page) -> Verdict:
    headers = page.answer.values("content-security-policy")
    head = head_of(beginning(page.answer) or b"")
    metas = head.http_equiv("content-security-policy")
    policies = [policy for header in headers for policy in csp.parse(header)]
    policies += [policy for meta in metas for policy in csp.parse(meta, in_page=True)]
    gaps = csp.gaps(policies)
    facts: dict[str, Json] = {
        "page": page.url,
        "policy": shown((*headers, *metas)),
        "reports_only": shown(page.answer.values("content-security-policy-report-only")),
        "rules": [*dict.fromkeys(rule or "script-src" for rule in gaps.values())],
        "lacks": [rule for rule in ("object-src", "base-uri") if all(rule in policy.lacks for policy in policies)],
    }
    if not gaps:
        return Verdict(STRICT, page.host, facts)
    if not head.ended and content(page.answer) is None:
        return Verdict(PAGE_TOO_LONG, page.host, facts)  # its head might still say what the header does not
    says_nothing = len(gaps) == len(csp.Gap) and not any(gaps.values())
    return Verdict(ABSENT if says_nothing else WEAK, page.host, facts)


CHECK = Check("web.csp", needs=(WebHosts, FrontPages), outcomes=(STRICT, WEAK, ABSENT, PAGE_TOO_LONG), judge=judge)
