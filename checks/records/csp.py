"""Content-Security-Policy (Content Security Policy Level 3): which scripts and which frames a site's pages allow."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

# Compiled when first wanted: most sites have no policy.
_NONCE_OR_HASH = r"'(?:nonce|sha256|sha384|sha512)-[a-z0-9+/_-]+={0,2}'"
_ANYWHERE = r"\*|https?:|(?:https?://)?\*(?::\*)?/?"
_IN_META_WITHOUT_MEANING = {"frame-ancestors", "report-uri", "sandbox"}


class Gap(StrEnum):
    """A way in which a policy lets foreign script run after all."""

    INLINE = "inline"
    HANDLER = "handler"
    ANYWHERE = "anywhere"
    DATA = "data"


class Policy(Struct, frozen=True):
    """One policy: its directives, names in lower case, each with its values as they were written."""

    directives: Mapping[str, tuple[str, ...]]

    def rule(self, *names: str) -> tuple[str, tuple[str, ...]] | None:
        """The first of those directives that is there, with its values: how fallbacks work (section 6.8.3)."""
        return next(((name, self.directives[name]) for name in names if name in self.directives), None)

    @property
    def gaps(self) -> Mapping[Gap, str]:
        """How foreign script may run under this policy alone, each with the rule that allows it.

        A policy that says nothing of scripts has every gap, and no rule to name: an empty text.
        """
        elements = self.rule("script-src-elem", "script-src", "default-src")
        attributes = self.rule("script-src-attr", "script-src", "default-src")
        found = {**_gaps_for_elements(elements)}
        inline = _inline(attributes)
        if inline is not None:
            found[Gap.HANDLER] = inline
        return found

    @property
    def lacks(self) -> tuple[str, ...]:
        """Rules that round a policy off, and that this one does not have; for these there is no other way to say it."""
        lacking = () if self.rule("object-src", "default-src") else ("object-src",)
        return lacking if "base-uri" in self.directives else (*lacking, "base-uri")

    @property
    def framing(self) -> bool | None:
        """Whether any site may show the page in a frame (section 6.4.2). None where nothing is said."""
        sources = self.directives.get("frame-ancestors")
        return None if sources is None else any(_is_anywhere(source) for source in sources)


def parse(header: str, *, in_page: bool = False) -> tuple[Policy, ...]:
    """The policies of one header, or with `in_page` of one meta element, where some directives mean nothing.

    A header may hold several, divided by commas (section 2.2.2); empty ones are none.
    """
    found = (_policy(text, in_page=in_page) for text in ([header] if in_page else header.split(",")))
    return tuple(policy for policy in found if policy.directives)


def gaps(policies: Iterable[Policy]) -> Mapping[Gap, str]:
    """How foreign script may run where all these policies apply: each alone must allow it. The rules are named."""
    each = [policy.gaps for policy in policies]
    if not each:
        return dict.fromkeys(Gap, "")
    common = [gap for gap in Gap if all(gap in found for found in each)]
    return {gap: next((found[gap] for found in each if found[gap]), "") for gap in common}


def _policy(text: str, *, in_page: bool) -> Policy:
    """Of a directive that stands twice the first counts; one that is not ASCII is passed over (section 2.2.1)."""
    found: dict[str, tuple[str, ...]] = {}
    for token in text.split(";"):
        name, *values = token.split() if token.isascii() and token.strip() else [""]
        if name and not (in_page and name.lower() in _IN_META_WITHOUT_MEANING):
            found.setdefault(name.lower(), tuple(values))
    return Policy(found)


def _gaps_for_elements(rule: tuple[str, tuple[str, ...]] | None) -> Mapping[Gap, str]:
    if rule is None:
        return dict.fromkeys((Gap.INLINE, Gap.ANYWHERE, Gap.DATA), "")
    name, sources = rule
    found: dict[Gap, str] = {}
    inline = _inline(rule)
    if inline is not None:
        found[Gap.INLINE] = inline
    if "'strict-dynamic'" not in _lowered(sources):  # with it, places and schemes mean nothing (section 6.7.1.1)
        for source in sources:
            if _is_anywhere(source):
                found.setdefault(Gap.ANYWHERE, f"{name} {source}")
            elif source.lower() == "data:":
                found[Gap.DATA] = f"{name} {source}"
    return found


def _inline(rule: tuple[str, tuple[str, ...]] | None) -> str | None:
    """The rule that allows script within the page itself (section 6.7.3.2), empty for the lack of any; or None."""
    if rule is None:
        return ""
    name, sources = rule
    if "'unsafe-inline'" not in _lowered(sources) or "'strict-dynamic'" in _lowered(sources):
        return None
    return (
        None if any(re.fullmatch(_NONCE_OR_HASH, source.lower()) for source in sources) else f"{name} 'unsafe-inline'"
    )


def _is_anywhere(source: str) -> bool:
    return re.fullmatch(_ANYWHERE, source.lower()) is not None


def _lowered(sources: tuple[str, ...]) -> set[str]:
    return {source.lower() for source in sources}
