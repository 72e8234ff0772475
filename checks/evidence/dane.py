"""What the name service promises about the certificates of mail servers (RFC 7672)."""

from datetime import datetime

from msgspec import Struct

from checks.evidence.lookups import Answer


class Promise(Struct, frozen=True):
    """The TLSA answer for one mail server.

    `host` is the name that the domain's MX record gives, `base` the one that the TLSA records stand under: where the
    first is an alias, what it leads to, if records stand there (RFC 7672, section 2.2.2). `addresses` are the host's
    A and AAAA, asked with signatures, and only where there are TLSA records.
    """

    host: str
    base: str
    tlsa: Answer
    addresses: tuple[Answer, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All answers that must be authentic for a sender to hold the server to its records."""
        found = tuple(answer for answer in self.addresses if answer.records)
        # Behind an alias it is the alias that must be authentic, and the records' own name shows that it is.
        return (self.tlsa, *(answer for answer in found if answer.alias is None))


class Promises(Struct, frozen=True):
    """Of each mail server that is talked to; `mx`, asked with signatures, only where one of them has records.

    `seen_at` is aware UTC: the time by which certificates are judged.
    """

    hosts: tuple[Promise, ...]
    seen_at: datetime
    mx: Answer | None = None

    def of(self, host: str) -> Promise | None:
        """The promise of that mail server."""
        return next((promise for promise in self.hosts if promise.host == host), None)
