"""The head of an HTTP/1.1 response, read without trust in its sender (RFC 9112, sections 4 and 5)."""

import re

from checks.evidence.web import HttpAnswer

MAX_HEADERS = 200
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5]\d\d)(?: .*)?")
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")


def end_of_head(data: bytes, begin: int = 0) -> int | None:
    """Where the head that begins there ends (the index after its empty line), or None while it has not ended."""
    match = _EMPTY_LINE.search(data, begin)
    return match.end() if match else None


def parse_head(head: bytes) -> HttpAnswer | None:
    """The answer, or None for what is no HTTP/1. Lines that are no header are passed over, folded ones joined."""
    first, _, rest = head.decode("latin-1").replace("\r\n", "\n").partition("\n")
    match = _STATUS_LINE.fullmatch(first)
    if match is None:
        return None
    lines = re.sub(r"\n[ \t]+", " ", rest).split("\n")
    found = (_FIELD.fullmatch(line) for line in lines[:MAX_HEADERS])
    return HttpAnswer(int(match[1]), tuple((field[1].lower(), field[2]) for field in found if field))
