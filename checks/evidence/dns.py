"""What the name service said about the domain itself."""

from dataclasses import dataclass

from checks.evidence.lookups import Answer


@dataclass(frozen=True, slots=True)
class Delegation:
    """The domain's name servers as the resolver sees them (RFC 1034, section 4.2)."""

    servers: Answer
