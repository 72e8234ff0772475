"""Whether a handshake showed a certificate that proves the server's name (RFC 5280; RFC 9525)."""

from datetime import datetime

from checks.evidence.tls import Handshake, Trust
from checks.records.host_names import covers

DISTRUSTED = frozenset({Trust.SELF_SIGNED, Trust.UNKNOWN_AUTHORITY, Trust.INCOMPLETE})


def is_good(seen: Handshake, host: str, when: datetime) -> bool:
    """Whether it leads to a known authority, names the host, and is within its dates."""
    return seen.trust is Trust.TRUSTED and _fits(seen, host, when)


def is_bad(seen: Handshake, host: str, when: datetime) -> bool:
    """Whether it is proven not to; of some chains our library cannot say where they lead."""
    return seen.trust in DISTRUSTED or (seen.leaf is not None and not _fits(seen, host, when))


def _fits(seen: Handshake, host: str, when: datetime) -> bool:
    leaf = seen.leaf
    return leaf is not None and leaf.not_before <= when <= leaf.not_after and covers(leaf.names, host)
