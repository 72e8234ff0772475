"""web.referrer: does the site tell other sites which of its pages a visitor came from? (Referrer Policy, section 3)."""

from collections.abc import Iterable, Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, passed
from checks.evidence.pages import FrontPages
from checks.evidence.web import WebHosts
from checks.records.http_body import beginning
from checks.records.page import head_of
from checks.web.headers import shown, snippets
from checks.web.pages import Page, front_pages

DISCREET = passed("discreet")
BY_DEFAULT = passed("by-default")
LEAKS = failed("leaks")

SNIPPETS = snippets("Referrer-Policy", "strict-origin-when-cross-origin")
_LEAKING = {"unsafe-url", "no-referrer-when-downgrade"}
_KNOWN = {
    "no-referrer",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    *_LEAKING,
}
_OLD_WORDS = {
    "never": "no-referrer",
    "always": "unsafe-url",
    "default": "strict-origin-when-cross-origin",
    "origin-when-crossorigin": "origin-when-cross-origin",
}
"""What a meta element may also say (HTML, section 4.2.5.3)."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each front page. Where nothing is said, today's browsers are discreet by themselves."""
    for seen in front_pages(evidence):
        yield seen if isinstance(seen, Verdict) else _of(seen)


def _of(page: Page) -> Verdict:
    """What the page itself says comes after the header, and counts in its place."""
    headers = page.answer.values("referrer-policy")
    metas = head_of(beginning(page.answer) or b"").named("referrer")
    by_page = _last_known(_OLD_WORDS.get(word, word) for word in _words(metas))
    policy = by_page or _last_known(_words(headers))
    facts: dict[str, Json] = {"page": page.url, "policy": policy or "–", "header": shown(headers), "meta": shown(metas)}
    if policy in _LEAKING:
        return Verdict(LEAKS, page.host, facts, snippets=() if by_page else SNIPPETS)
    return Verdict(DISCREET if policy else BY_DEFAULT, page.host, facts)


def _words(values: Iterable[str]) -> Iterator[str]:
    return (word.strip().lower() for value in values for word in value.split(","))


def _last_known(words: Iterable[str]) -> str | None:
    """Of several the last that is known counts, so that newer ones can follow older ones (section 8.1)."""
    return next((word for word in reversed([*words]) if word in _KNOWN), None)


CHECK = Check("web.referrer", needs=(WebHosts, FrontPages), outcomes=(DISCREET, BY_DEFAULT, LEAKS), judge=judge)
