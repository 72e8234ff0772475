"""What asks for reports about encryption on the way to the domain's mail servers (RFC 8460)."""

from collections.abc import Mapping

from msgspec import Struct, field

from checks.evidence.inboxes import Inbox
from checks.evidence.lookups import Answer


class TlsReporting(Struct, frozen=True):
    """The TXT answers at `_smtp._tls` and at `_mta-sts`: the reports, and one promise that they are about.

    `inboxes`: the hosts that reports are meant to be mailed to, but for the domain itself; by name.
    """

    record: Answer
    sts: Answer
    inboxes: Mapping[str, Inbox] = field(default_factory=dict)
