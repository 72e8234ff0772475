"""Every check there is, in the order in which a reader meets them. Nothing is found by magic."""

from checks.contract import Check
from checks.dns import caa, dnssec, ns_count
from checks.mail import dkim, dmarc, dmarc_policy, mx, spf, spf_all, spf_lookups, starttls
from checks.ports import database, file_sharing, remote_desktop
from checks.tls import chain, expiry, hostname, https, protocols
from checks.web import hsts, redirect

CATALOGUE_VERSION = "2026.11"
"""Changes whenever a check, an outcome, a severity or a card's words change what a report says."""

ALL_CHECKS: tuple[Check, ...] = (
    ns_count.CHECK,
    dnssec.CHECK,
    caa.CHECK,
    mx.CHECK,
    spf.CHECK,
    spf_lookups.CHECK,
    spf_all.CHECK,
    dkim.CHECK,
    dmarc.CHECK,
    dmarc_policy.CHECK,
    starttls.CHECK,
    https.CHECK,
    chain.CHECK,
    hostname.CHECK,
    expiry.CHECK,
    protocols.CHECK,
    redirect.CHECK,
    hsts.CHECK,
    remote_desktop.CHECK,
    file_sharing.CHECK,
    database.CHECK,
)
