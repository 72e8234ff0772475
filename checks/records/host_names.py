"""Which certificate names cover which host (RFC 9525, section 6.3)."""

from collections.abc import Iterable


def covers(names: Iterable[str], host: str) -> bool:
    """Whether one of the dNSName entries is the host's name; all in lower case and A-labels.

    A wildcard stands for exactly the left-most label and is never part of one.
    """
    parent = host.partition(".")[2]
    return any(name == host or (parent != "" and name == f"*.{parent}") for name in names)


def is_below(name: str, end: str) -> bool:
    """Whether the name is that one or stands below it, label by label; both in lower case, without the last dot."""
    return name == end or name.endswith(f".{end}")
