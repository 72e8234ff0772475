"""What a domain is used for, as far as its records tell: who may be advised to refuse everything."""

from checks.evidence.mail import MailRouting
from checks.records.spf import SpfRecord
from checks.records.spf_tree import Node, State


def is_unused(routing: MailRouting) -> bool:
    """Whether it is sure that the domain takes no mail: it says so, or there is nowhere to send it to."""
    return routing.answered and not routing.receives


def has_inbox(routing: MailRouting) -> bool:
    """Whether the domain names mail servers, so that reports to an address of its own can arrive."""
    return bool(routing.mx.records) and routing.receives


def names_nobody(record: SpfRecord) -> bool:
    """Whether an SPF record allows no server at all, and says so: nothing but `-all`."""
    return (
        [term.name for term in record.evaluated] == ["all"] and record.all is not None and record.all.qualifier == "-"
    )


def sends_nothing(spf: Node) -> bool:
    """Whether no SPF record names a server that may send in the domain's name."""
    return spf.state is State.NONE or (spf.record is not None and names_nobody(spf.record))
