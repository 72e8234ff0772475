"""What stands at `_dmarc.` before the domain and before every name it belongs to."""

from collections.abc import Mapping

from msgspec import Struct

from checks.evidence.lookups import Answer, HostAddresses
from checks.records.dmarc_discovery import Step


class DmarcWalk(Struct, frozen=True):
    """The answers of the DNS tree walk, from the domain up (RFC 9989, section 4.10)."""

    steps: tuple[Step, ...]


class ReportHost(Struct, frozen=True):
    """A host that reports are to be sent to, and what it says of it (RFC 9990, section 4).

    `steps` is its own tree walk, which tells the organisation it belongs to; `permission` is what stands at the
    name by which it would allow the reports. `mx` are its MX records; `own` its addresses, looked up where it has none.
    """

    steps: tuple[Step, ...]
    permission: Answer
    mx: Answer
    own: HostAddresses | None = None

    @property
    def takes_no_mail(self) -> bool:
        """Whether it is proven that mail to it has nowhere to go (RFC 5321, section 5.1; RFC 7505)."""
        if self.mx.records:
            return all(record.endswith(" .") for record in self.mx.records)
        return self.own is not None and self.own.answered and not self.own.exists


class DmarcReportHosts(Struct, frozen=True):
    """The hosts of the report addresses in the record that applies, but for those of its own domain; by name."""

    hosts: Mapping[str, ReportHost]
