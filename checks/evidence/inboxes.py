"""Whether mail to a host has somewhere to go."""

from msgspec import Struct

from checks.evidence.lookups import Answer, HostAddresses


class Inbox(Struct, frozen=True):
    """What a host says of mail to it: `mx` are its MX records; `own` its addresses, looked up where it has none."""

    mx: Answer
    own: HostAddresses | None = None

    @property
    def takes_no_mail(self) -> bool:
        """Whether it is proven that mail to it has nowhere to go (RFC 5321, section 5.1; RFC 7505)."""
        if self.mx.records:
            return all(record.endswith(" .") for record in self.mx.records)
        return self.own is not None and self.own.answered and not self.own.exists
