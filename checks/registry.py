"""Every check there is, in the order in which a reader meets them. Nothing is found by magic."""

from checks.contract import Check
from checks.dns import (
    caa,
    dnssec,
    dnssec_expiry,
    domain_expiry,
    ipv6,
    lame,
    ns_alias,
    ns_count,
    ns_diversity,
    open_recursion,
    soa_consistency,
    zone_transfer,
)
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
    ns_diversity.CHECK,
    ns_alias.CHECK,
    lame.CHECK,
    zone_transfer.CHECK,
    open_recursion.CHECK,
    soa_consistency.CHECK,
    dnssec.CHECK,
    dnssec_expiry.CHECK,
    caa.CHECK,
    ipv6.CHECK,
    domain_expiry.CHECK,
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
