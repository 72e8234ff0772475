"""Strict-Transport-Security (RFC 6797, section 6.1)."""

import re

from msgspec import Struct

_DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9a-z-]+)(?:\s*=\s*("[^"]*"|[^\s;",]+))?', re.IGNORECASE)


class HstsPolicy(Struct, frozen=True):
    """For how many seconds browsers shall use https only, and whether below this name too."""

    max_age: int
    include_subdomains: bool


def parse(value: str) -> HstsPolicy | None:
    """The policy, or None for a header that browsers ignore: no max-age, a directive twice, or none at all."""
    found: dict[str, str] = {}
    for part in filter(None, (text.strip() for text in value.split(";"))):
        match = _DIRECTIVE.fullmatch(part)
        if match is None or match[1].lower() in found:
            return None
        found[match[1].lower()] = (match[2] or "").strip('"')
    seconds = found.get("max-age", "")
    if not re.fullmatch(r"[0-9]{1,18}", seconds):
        return None
    return HstsPolicy(int(seconds), "includesubdomains" in found)
