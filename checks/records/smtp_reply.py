"""The grammar of what a mail server says (RFC 5321, section 4.2)."""

import re

from msgspec import Struct

_LINE = re.compile(rb"([2-5][0-9][0-9])([ -]?)(.*)", re.DOTALL)


class ReplyLine(Struct, frozen=True):
    """One line of a reply; `last` unless a hyphen follows the code."""

    code: int
    text: str
    last: bool


class Reply(Struct, frozen=True):
    """A whole reply: its code, and the text of each of its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def keywords(self) -> frozenset[str]:
        """The extensions that a reply to EHLO offers: the first word of each line but the greeting, upper case."""
        return frozenset(line.split()[0].upper() for line in self.lines[1:] if line.split())


def parse_reply_line(raw: bytes) -> ReplyLine:
    """One line, with or without its line end; bytes that are not ASCII are replaced.

    Raises:
        ValueError: it does not begin with a reply code.
    """
    match = _LINE.fullmatch(raw.rstrip(b"\r\n"))
    if match is None or (not match[2] and match[3]):
        raise ValueError("no reply code")
    return ReplyLine(int(match[1]), match[3].decode("ascii", "replace"), last=match[2] != b"-")
