"""What a domain is used for, as far as its records tell: who may be advised to refuse everything, and who not."""

from checks.evidence.mail import MailRouting
from checks.records.spf import SpfRecord
from checks.records.spf_tree import MAX_MAIL_HOSTS, Node, State

_PROVIDERS = (
    (".google.com", "_spf.google.com"),
    (".googlemail.com", "_spf.google.com"),
    (".mail.protection.outlook.com", "spf.protection.outlook.com"),
    (".mx.microsoft", "spf.protection.outlook.com"),
)
"""Where the mail of two large services comes in, and the policy they tell their customers to include."""


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


def first_record(routing: MailRouting) -> str:
    """A first policy: the mail service that is known by its MX records, else the servers that take the mail in."""
    if is_unused(routing):
        return "v=spf1 -all"
    for host in routing.hosts:
        for suffix, policy in _PROVIDERS:
            if host.host.endswith(suffix):
                return f"v=spf1 include:{policy} ~all"
    by_mx = routing.mx.records and len(routing.hosts) <= MAX_MAIL_HOSTS
    return "v=spf1 mx ~all" if by_mx else "v=spf1 a ~all"


def fallback_record(routing: MailRouting) -> str:
    """What to publish where nothing of a domain's own record can be kept: it named senders, so none is refused."""
    return "v=spf1 ~all" if is_unused(routing) else first_record(routing)
