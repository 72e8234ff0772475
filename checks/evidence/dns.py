"""What the name service said about the domain itself."""

from datetime import datetime

from msgspec import Struct

from checks.evidence.lookups import Answer


class Delegation(Struct, frozen=True):
    """The domain's name servers as the resolver sees them (RFC 1034, section 4.2).

    `servers` are those of the domain itself. A domain that is only a part of a larger zone has none; `enclosing`
    is then the answer of the nearest larger domain that was asked, None where there was none to ask.
    """

    servers: Answer
    enclosing: Answer | None = None

    @property
    def zone_servers(self) -> Answer:
        """The name servers that answer for the domain, as far as it is known."""
        return self.enclosing or self.servers

    @property
    def zone(self) -> str | None:
        """The zone that holds the domain: itself or a larger one. None where it is not known."""
        found = self.zone_servers
        return found.name if found.records and found.alias is None else None


class ZoneSigning(Struct, frozen=True):
    """What the domain's zone and its parent say about signatures (RFC 4033).

    `zone` is the zone that holds the domain; without one there is nothing more. `samples` are the zone's own
    answers: its SOA first, then what the domain is looked up for most. `keys` are its DNSKEY records, `vouchers`
    the parent's DS records. `seen_at` is aware UTC: the time by which signatures are judged.
    """

    zone: str | None
    seen_at: datetime
    samples: tuple[Answer, ...] = ()
    keys: Answer | None = None
    vouchers: Answer | None = None


class AuthorityLimits(Struct, frozen=True):
    """The CAA answers of the domain and of every larger one, the domain's first (RFC 8659, section 3)."""

    answers: tuple[Answer, ...]

    @property
    def relevant(self) -> Answer:
        """The answer that counts: the first that has records, or that could not be had; else the last."""
        decisive = (answer for answer in self.answers if answer.records or not answer.answered)
        return next(decisive, self.answers[-1])
