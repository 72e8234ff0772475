"""Every check there is, in the order in which a reader meets them. Nothing is found by magic."""

from checks.contract import Check
from checks.dns import caa, dnssec, ns_count
from checks.mail import (
    dane,
    dkim,
    dkim_key,
    dmarc,
    dmarc_policy,
    dmarc_reporting,
    mx,
    mx_alias,
    spf,
    spf_all,
    spf_lookups,
    starttls,
)
from checks.ports import (
    cleartext_mail,
    database,
    directory,
    file_sharing,
    ftp,
    remote_admin,
    remote_desktop,
    telnet,
)
from checks.tls import chain, expiry, hostname, https, protocols
from checks.web import hsts, redirect

CATALOGUE_VERSION = "2026.11"
"""Changes whenever a check, an outcome, a severity or a card's words change what a report says."""

ALL_CHECKS: tuple[Check, ...] = (
    ns_count.CHECK,
    dnssec.CHECK,
    caa.CHECK,
    mx.CHECK,
    mx_alias.CHECK,
    spf.CHECK,
    spf_lookups.CHECK,
    spf_all.CHECK,
    dkim.CHECK,
    dkim_key.CHECK,
    dmarc.CHECK,
    dmarc_policy.CHECK,
    dmarc_reporting.CHECK,
    starttls.CHECK,
    dane.CHECK,
    https.CHECK,
    chain.CHECK,
    hostname.CHECK,
    expiry.CHECK,
    protocols.CHECK,
    redirect.CHECK,
    hsts.CHECK,
    remote_desktop.CHECK,
    file_sharing.CHECK,
    telnet.CHECK,
    ftp.CHECK,
    database.CHECK,
    remote_admin.CHECK,
    directory.CHECK,
    cleartext_mail.CHECK,
)
