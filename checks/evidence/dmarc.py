"""What stands at `_dmarc.` before the domain and before every name it belongs to."""

from collections.abc import Mapping

from msgspec import Struct

from checks.evidence.inboxes import Inbox
from checks.evidence.lookups import Answer
from checks.records.dmarc_discovery import Step


class DmarcWalk(Struct, frozen=True):
    """The answers of the DNS tree walk, from the domain up (RFC 9989, section 4.10)."""

    steps: tuple[Step, ...]


class ReportHost(Struct, frozen=True):
    """A host that reports are to be sent to, and what it says of it (RFC 9990, section 4).

    `steps` is its own tree walk, which tells the organisation it belongs to; `permission` is what stands at the
    name by which it would allow the reports.
    """

    steps: tuple[Step, ...]
    permission: Answer
    inbox: Inbox


class DmarcReportHosts(Struct, frozen=True):
    """The hosts of the report addresses in the record that applies, but for those of its own domain; by name."""

    hosts: Mapping[str, ReportHost]
