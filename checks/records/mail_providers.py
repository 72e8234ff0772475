"""Mail services as they show in MX and SPF records, and the DKIM selectors that they use."""

import re
from collections.abc import Iterable

from msgspec import Struct

from checks.records.host_names import is_below


class MailProvider(Struct, frozen=True):
    """One service. `hosts`: ends of its mail servers' names; `includes`: ends of what SPF records include for it."""

    name: str
    selectors: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()


USUAL_SELECTORS = (
    "default", "selector1", "selector2", "google", "dkim", "dkim1", "dkim2", "mail", "email", "smtp", "mx", "mta",
    "k1", "k2", "k3", "s1", "s2", "key1", "key2", "s1024", "s2048", "main", "krs", "pm", "mandrill", "mailjet",
)  # fmt: skip
"""What most mail programs and hosting panels use when nobody chooses a name."""

PROVIDERS = (
    MailProvider(
        "Microsoft 365",
        ("selector1", "selector2"),
        ("mail.protection.outlook.com", "mx.microsoft"),
        ("protection.outlook.com",),
    ),
    MailProvider("Google Workspace", ("google",), ("google.com", "googlemail.com"), ("_spf.google.com",)),
    MailProvider("Zoho", ("zoho", "zmail"), ("zoho.com", "zoho.eu"), ("zoho.com", "zoho.eu", "zohomail.com")),
    MailProvider("Proton", ("protonmail", "protonmail2", "protonmail3"), ("protonmail.ch",), ("protonmail.ch",)),
    MailProvider("Fastmail", ("fm1", "fm2", "fm3", "mesmtp"), ("messagingengine.com",), ("messagingengine.com",)),
    MailProvider("iCloud", ("sig1",), ("mail.icloud.com",), ("icloud.com",)),
    MailProvider("one.com", ("rsa1", "rsa2"), ("one.com",), ("one.com",)),
    MailProvider(
        "Hostinger",
        ("hostingermail-a", "hostingermail-b", "hostingermail-c"),
        ("hostinger.com",),
        ("mail.hostinger.com",),
    ),
    MailProvider("Titan", ("titan1", "titan2"), ("titan.email",), ("titan.email",)),
    MailProvider("IONOS", ("s1-ionos", "s2-ionos"), ("ionos.com", "ionos.de", "kundenserver.de")),
    MailProvider("Gandi", ("gm1", "gm2", "gm3"), ("gandi.net",), ("mailcust.gandi.net",)),
    MailProvider("mailbox.org", ("mbo0001", "mbo0002", "mbo0003", "mbo0004"), ("mailbox.org",), ("mailbox.org",)),
    MailProvider("Migadu", ("key1", "key2", "key3"), ("migadu.com",), ("migadu.com",)),
    MailProvider("Mailchimp", ("k1", "k2", "k3"), includes=("servers.mcsv.net",)),
    MailProvider("Mandrill", ("mandrill", "mte1", "mte2"), includes=("mandrillapp.com",)),
    MailProvider("SendGrid", ("s1", "s2", "smtpapi"), includes=("sendgrid.net",)),
    MailProvider("Mailgun", ("k1", "mx", "smtp", "mailo", "pic", "krs"), includes=("mailgun.org",)),
    MailProvider("Mailjet", ("mailjet",), includes=("mailjet.com",)),
    MailProvider("Brevo", ("mail", "brevo1", "brevo2"), includes=("sendinblue.com", "brevo.com")),
    MailProvider("Zendesk", ("zendesk1", "zendesk2"), includes=("zendesk.com",)),
    MailProvider("Campaign Monitor", ("cm",), includes=("createsend.com",)),
    MailProvider("Constant Contact", ("ctct1", "ctct2"), includes=("constantcontact.com",)),
)

_INCLUDED = re.compile(r"(?:include:|redirect=)(\S+)", re.IGNORECASE)


def included_names(spf_texts: Iterable[str]) -> list[str]:
    """The names that SPF records include or redirect to, also where a record has faults; lower case, no last dot."""
    return [name.lower().removesuffix(".") for text in spf_texts for name in _INCLUDED.findall(text)]


def providers_of(mail_hosts: Iterable[str], spf_texts: Iterable[str]) -> tuple[MailProvider, ...]:
    """The services that the domain's mail servers and SPF records point to."""
    hosts = [host.lower() for host in mail_hosts]
    included = included_names(spf_texts)
    return tuple(
        provider
        for provider in PROVIDERS
        if _any_below(hosts, provider.hosts) or _any_below(included, provider.includes)
    )


def _any_below(names: Iterable[str], ends: tuple[str, ...]) -> bool:
    return any(is_below(name, end) for name in names for end in ends)
