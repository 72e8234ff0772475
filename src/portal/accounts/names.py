"""What people call themselves and theirs, as they type it."""

import unicodedata

from portal.errors import UnusableNameError

LONGEST = 100


def parse_name(typed: str) -> str:
    """The name on one line, without what cannot be seen or turns the direction of writing.

    Raises:
        UnusableNameError: `no-name`, or `too-long` for more than `LONGEST` characters.
    """
    name = one_line(typed)
    if not name:
        raise UnusableNameError("no-name")
    if len(name) > LONGEST:
        raise UnusableNameError("too-long")
    return name


def one_line(typed: str) -> str:
    """The text on one line, without what cannot be seen or turns the direction of writing."""
    return " ".join("".join(map(_shown, typed)).split())


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if kind[0] == "C" else sign
