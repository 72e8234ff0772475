"""What somebody asked for: a domain, and what may be done to look at it."""

from msgspec import Struct

from checks.contract import NO_CONSENT, Consent
from checks.records.host_names import is_below


class Request(Struct, frozen=True):
    """A domain in the form of `checks.names.parse_domain`, and what they allowed.

    `opted_out`: domains that the operator leaves alone because their holders asked for it, with what is under them.
    """

    domain: str
    consent: Consent = NO_CONSENT
    opted_out: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the operator leaves this domain alone."""
        return any(is_below(self.domain, end) for end in self.opted_out)
