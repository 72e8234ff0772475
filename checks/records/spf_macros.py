"""SPF's macro language (RFC 7208, section 7): domain names that may depend on who sends the mail."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from msgspec import Struct

_EXPAND = re.compile(r"%(?:\{([slodipvhcrtSLODIPVHCRT])([0-9]*)(r?)([-.+,/_=]*)\}|([%_-]))", re.IGNORECASE)
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}
_LABEL = re.compile(r"[A-Za-z0-9-]+")
_EXPLANATION_ONLY = frozenset("crt")
_MAX_NAME = 253
ENOUGH = 2 * _MAX_NAME
_MAX_LABEL = 63


class SpfSyntaxError(ValueError):
    """A record does not follow the grammar of RFC 7208, section 12.

    `reason` is kebab-case and stable, `term` the offending term as it stands, `position` the offset in the record
    where it went wrong, counted in characters from 0.

    Reasons: `bad-character`, `unknown-term`, `missing-domain`, `bad-domain`, `bad-macro`, `bad-address`,
    `bad-prefix-length`, `unexpected-argument`, `repeated-modifier`.
    """

    def __init__(self, reason: str, term: str, position: int) -> None:
        super().__init__(f"{reason} at {position}: {term}")
        self.reason = reason
        self.term = term
        self.position = position


class Macro(Struct, frozen=True):
    """One `%{…}`: a letter, how many right-hand parts to keep (0: all), reversal, and where to split."""

    letter: str
    keep: int
    reverse: bool
    delimiters: str
    escaped: bool

    def expand(self, value: str) -> str:
        """The value, split, reversed and cut as the transformers say (section 7.3)."""
        parts = re.split(f"[{re.escape(self.delimiters or '.')}]", value)
        if self.reverse:
            parts.reverse()
        text = ".".join(parts[-self.keep :])
        return quote(text, safe="-._~") if self.escaped else text


class MacroString(Struct, frozen=True):
    """A text with macros: `text` as it stands in the record, `parts` its literals and macros in order."""

    text: str
    parts: tuple[str | Macro, ...]

    def expand(self, known: Mapping[str, str]) -> str | None:
        """The text with its macros filled in, or None where it names one (by lower-case letter) not in `known`.

        Where it is longer than any name, at least the last ENOUGH characters.
        """
        done: list[str] = []
        length = 0
        for part in reversed(self.parts):  # from the right, since only the last 253 characters make a name
            if isinstance(part, Macro) and part.letter not in known:
                return None
            text = part if isinstance(part, str) else part.expand(known[part.letter])
            done.append(text)
            length += len(text)
            if length > ENOUGH:
                break
        return "".join(reversed(done))


def parse_macro_string(text: str, term: str, position: int) -> MacroString:
    """Parses `macro-string`; `term` and `position` say where it stands, for the error.

    Raises:
        SpfSyntaxError: `bad-macro`.
    """
    parts: list[str | Macro] = []
    at = 0
    while at < len(text):
        if text[at] != "%":
            end = text.find("%", at)
            end = len(text) if end < 0 else end
            parts.append(text[at:end])
            at = end
            continue
        match = _EXPAND.match(text, at)
        part = _part(match) if match else None
        if match is None or part is None:
            raise SpfSyntaxError("bad-macro", term, position + at)
        parts.append(part)
        at = match.end()
    return MacroString(text, tuple(parts))


def parse_domain_spec(text: str, term: str, position: int) -> MacroString:
    """Parses `domain-spec`: it ends in a macro or in a dot and a label that could be a top-level domain.

    Raises:
        SpfSyntaxError: `missing-domain`, `bad-domain` or `bad-macro`.
    """
    if not text:
        raise SpfSyntaxError("missing-domain", term, position)
    parsed = parse_macro_string(text, term, position)
    if any(isinstance(part, Macro) and part.letter in _EXPLANATION_ONLY for part in parsed.parts):
        raise SpfSyntaxError("bad-macro", term, position)
    if not _ends_in_macro(text, parsed):
        stem, dot, label = text.removesuffix(".").rpartition(".")
        if not dot or not _is_toplabel(label):
            raise SpfSyntaxError("bad-domain", term, position + len(stem) + len(dot))
    return parsed


def query_name(expanded: str) -> str | None:
    """The name that an expanded domain-spec asks for, or None where no question can carry it (section 4.3).

    A name over 253 characters loses labels from its left (section 7.3).
    """
    name = expanded.removesuffix(".").lower()
    if len(name) > _MAX_NAME:
        name = name[name.find(".", len(name) - _MAX_NAME - 1) + 1 :]
    if len(name) > _MAX_NAME or not all(0 < len(label) <= _MAX_LABEL for label in name.split(".")):
        return None
    return name.replace("\\", "\\\\")


def _is_toplabel(label: str) -> bool:
    """Letters, digits and hyphens, no hyphen at either end, and not digits alone."""
    return bool(_LABEL.fullmatch(label)) and not label.isdigit() and label.strip("-") == label


def _part(match: re.Match[str]) -> str | Macro | None:
    """The macro or the escaped character; None for the one thing the pattern lets through, `%{d0}`."""
    letter, digits, reverse, delimiters, escape = match.groups()
    if escape:
        return _ESCAPES[escape]
    if digits and not int(digits[:9]):
        return None
    return Macro(letter.lower(), int(digits[:9] or "0"), bool(reverse), delimiters, letter.isupper())


def _ends_in_macro(text: str, parsed: MacroString) -> bool:
    """Whether the last thing in the text is a `macro-expand`, `%%`, `%_` and `%-` included."""
    if isinstance(parsed.parts[-1], Macro):
        return True
    return text[-2:] in {"%%", "%_", "%-"} and _EXPAND.fullmatch(text[-2:]) is not None and _escapes_at_end(text)


def _escapes_at_end(text: str) -> bool:
    """Whether the text's last two characters are one escape, not the second half of `%%` and a literal."""
    at = 0
    while (match := _EXPAND.search(text, at)) is not None:
        if match.end() == len(text):
            return True
        at = match.end()
    return False
