"""Where mail for the domain goes."""

from msgspec import Struct

from checks.contract import Outcome
from checks.evidence.lookups import Answer, HostAddresses


class MailHost(Struct, frozen=True):
    """One target of the domain's MX records; the lowest preference is tried first (RFC 5321, section 5.1).

    `host` is empty where the record names the root (`MX 0 .`). `addresses` is None where the target is no host
    name: the root, or an address written where a name belongs.
    """

    preference: int
    host: str
    addresses: HostAddresses | None


class MailRouting(Struct, frozen=True):
    """The domain's MX records and where they lead (RFC 5321, section 5.1; RFC 7505).

    `hosts` by preference, then name, each once. `own` are the domain's own addresses, which stand in where there
    is no MX record; None where there is one, or where that is not known. `hosts` is then the domain itself, if it
    has addresses: perhaps a mere web server, so that a refused connection there says nothing about mail.
    """

    mx: Answer
    hosts: tuple[MailHost, ...]
    own: HostAddresses | None = None

    @property
    def implicit(self) -> bool:
        """Whether only the domain's own address tells where mail could go."""
        return self.own is not None and self.own.exists

    @property
    def null(self) -> bool:
        """Whether the domain says that it takes no mail: a single record that names the root (RFC 7505)."""
        return len(self.hosts) == 1 and not self.hosts[0].host

    @property
    def answered(self) -> bool:
        """Whether it is known if and where mail goes."""
        return self.mx.answered and (self.own is None or self.own.exists or self.own.answered)

    @property
    def receives(self) -> bool:
        """Whether mail for the domain has somewhere to go, be it only in name. Means nothing unless `answered`."""
        return bool(self.hosts) and not self.null

    @property
    def reason(self) -> Outcome:
        """The shared `unknown` outcome where it is not `answered`."""
        return self.own.reason if self.own is not None else self.mx.reason
