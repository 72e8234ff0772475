"""Every check there is, in the order in which a reader meets them. Nothing is found by magic."""

from checks.contract import Check, Consent
from checks.dns import (
    caa,
    dangling,
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
from checks.evidence.authority import Recursion, ZoneTransfers
from checks.evidence.ports import PortScan
from checks.evidence.tls_probes import TlsProbes
from checks.mail import (
    dane,
    dkim,
    dkim_key,
    dmarc,
    dmarc_policy,
    dmarc_reporting,
    mta_sts,
    mx,
    mx_alias,
    mx_certificate,
    spf,
    spf_all,
    spf_lookups,
    starttls,
    tls_rpt,
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
from checks.tls import chain, ciphers, expiry, hostname, https, key, post_quantum, protocols, vulnerabilities
from checks.web import banner, cookies, csp, framing, hsts, nosniff, redirect, referrer, security_txt

CATALOGUE_VERSION = "2026.11.3"
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
    dangling.CHECK,
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
    mta_sts.CHECK,
    tls_rpt.CHECK,
    starttls.CHECK,
    mx_certificate.CHECK,
    dane.CHECK,
    https.CHECK,
    chain.CHECK,
    hostname.CHECK,
    expiry.CHECK,
    key.CHECK,
    protocols.CHECK,
    ciphers.CHECK,
    vulnerabilities.CHECK,
    post_quantum.CHECK,
    redirect.CHECK,
    hsts.CHECK,
    csp.CHECK,
    nosniff.CHECK,
    framing.CHECK,
    referrer.CHECK,
    cookies.CHECK,
    security_txt.CHECK,
    banner.CHECK,
    remote_desktop.CHECK,
    file_sharing.CHECK,
    telnet.CHECK,
    ftp.CHECK,
    database.CHECK,
    remote_admin.CHECK,
    directory.CHECK,
    cleartext_mail.CHECK,
)

_PROBES = {Recursion, ZoneTransfers, TlsProbes}


def consent_for(check_id: str) -> Consent:
    """What somebody has to state or to show before that check can tell everything; nothing for one that is gone."""
    needs = {kind for check in ALL_CHECKS if check.id == check_id for kind in check.needs}
    return Consent(probes=bool(needs & _PROBES), ports=PortScan in needs)
