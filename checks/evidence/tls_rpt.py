"""What asks for reports about encryption on the way to the domain's mail servers (RFC 8460)."""

from msgspec import Struct

from checks.evidence.lookups import Answer


class TlsReporting(Struct, frozen=True):
    """The TXT answers at `_smtp._tls` and at `_mta-sts`: the reports, and one promise that they are about."""

    record: Answer
    sts: Answer
