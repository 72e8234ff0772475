"""What can be told of a page of HTML without being a browser."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

# The bounds keep the search linear, whatever a page is made of.
_REFRESH = re.compile(rb"<meta\s[^>]{0,200}?http-equiv\s{0,9}=\s{0,9}[\"']?refresh[^>]{0,200}?https://")
_MOVE = re.compile(
    rb"location(?:\.(?:href|protocol))?\s{0,9}=(?!=)[^;=]{0,120}?https:"
    rb"|location\.(?:replace|assign)\s{0,9}\([^;]{0,120}?https:"
)

MAX_META = 16_384
_TAG = re.compile(r"<(!--|/?[a-z]{1,20})")
_RAW = {"script", "style", "title", "noscript", "template", "textarea"}
"""Elements whose content is no markup of the head's own."""
_ATTRIBUTE = re.compile(
    r"""(?<![a-z-])([a-z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)


def leads_to_https(page: bytes) -> bool:
    """Whether the page itself seems to send its reader on to https, by a refresh or a script.

    Only a browser could be sure; that it seems so is reason enough not to call the site an open one.
    """
    text = page.lower()
    return bool(_REFRESH.search(text)) or any(_MOVE.search(script) for script in _scripts(text))


def _scripts(text: bytes) -> Iterator[bytes]:
    begin = text.find(b"<script")
    while begin >= 0:
        end = text.find(b"</script", begin)
        yield text[begin : end if end >= 0 else len(text)]
        begin = text.find(b"<script", end) if end >= 0 else -1


class Head(Struct, frozen=True):
    """What the head of a document says in its meta elements, each as its attributes (names in lower case).

    `ended`: we saw where the head ends, so that there are no others.
    """

    metas: tuple[Mapping[str, str], ...]
    ended: bool

    def http_equiv(self, name: str) -> tuple[str, ...]:
        """The contents of all metas that stand for that header; the name in lower case."""
        return tuple(meta["content"] for meta in self.metas if _is(meta, "http-equiv", name) and "content" in meta)

    def named(self, name: str) -> tuple[str, ...]:
        """The contents of all metas of that name; the name in lower case."""
        return tuple(meta["content"] for meta in self.metas if _is(meta, "name", name) and "content" in meta)


def head_of(page: bytes) -> Head:
    """The head of a document of HTML, be only its beginning there. Comments and scripts are no part of it."""
    text = page.decode("utf-8", "replace")
    lowered = text.lower() if len(text.lower()) == len(text) else text
    metas: list[Mapping[str, str]] = []
    at = text.find("<")
    while at >= 0:
        opened = _TAG.match(lowered, at)
        tag = opened[1] if opened else ""
        if tag in {"/head", "body", "/html"}:
            return Head(tuple(metas), ended=True)
        if tag == "meta":
            end = _after(text, ">", at)
            metas.append(_attributes(text[at:end]))
            at = end - 1
        elif tag == "!--":
            at = _after(text, "-->", at) - 1
        elif tag in _RAW:
            at = _after(lowered, f"</{tag}", at) - 1
        at = text.find("<", at + 1)
    return Head(tuple(metas), ended=False)


def _after(text: str, mark: str, at: int) -> int:
    """Where the mark ends; the end of the text where it is not there."""
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def _attributes(tag: str) -> Mapping[str, str]:
    """Of an attribute that stands twice the first counts (HTML, section 13.2.5.33)."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag[:MAX_META]):
        found.setdefault(match[1].lower(), _unescaped(match[2] or match[3] or match[4] or ""))
    return found


def _unescaped(value: str) -> str:
    if "&" not in value:
        return value
    from html import unescape  # noqa: PLC0415 - its table of names is large, and seldom wanted

    return unescape(value)


def _is(meta: Mapping[str, str], attribute: str, name: str) -> bool:
    return meta.get(attribute, "").strip().lower() == name
