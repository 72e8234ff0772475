"""Broken domains: the name service."""

from tests.farm.name_servers import NameServer, named
from tests.farm.site import CAA, Site, broken
from tests.farm.zones import Signing

BROKEN: tuple[Site, ...] = (
    broken("one-ns", ("dns.ns_count", "only-one"), name_servers=named()),
    broken("twin-ns", ("dns.ns_count", "one-address"), name_servers=named(NameServer.TWIN)),
    broken("near-ns", ("dns.ns_diversity", "one-network"), name_servers=named(NameServer.NEAR)),
    broken("nickname-ns", ("dns.ns_alias", "alias"), name_servers=named(NameServer.NICKNAME)),
    broken("lame-ns", ("dns.lame", "lame"), name_servers=named(NameServer.LAME)),
    broken("generous-ns", ("dns.zone_transfer", "open"), name_servers=named(NameServer.GENEROUS)),
    broken("helpful-ns", ("dns.open_recursion", "open"), name_servers=named(NameServer.HELPFUL)),
    broken("old-copy", ("dns.soa_consistency", "different"), name_servers=named(NameServer.BEHIND)),
    broken("unsigned", ("dns.dnssec", "unsigned"), signing=Signing.UNSIGNED),
    broken("no-ds", ("dns.dnssec", "no-ds"), signing=Signing.NO_DS),
    broken("wrong-ds", ("dns.dnssec", "bogus"), signing=Signing.WRONG_DS),
    broken("old-signatures", ("dns.dnssec", "bogus"), signing=Signing.EXPIRED),
    broken("old-algorithm", ("dns.dnssec", "outdated"), signing=Signing.OUTDATED),
    broken("late-signatures", ("dns.dnssec_expiry", "running-out"), signing=Signing.EXPIRING),
    broken("no-caa", ("dns.caa", "absent"), caa=()),
    broken("caa-iodef-only", ("dns.caa", "names-nobody"), caa=('0 iodef "mailto:caa@farm.test"',)),
    broken("caa-nobody", ("dns.caa", "blocks-renewal"), caa=('0 issue ";"',)),
    broken("caa-another", ("dns.caa", "names-another"), caa=('0 issue "digicert.com"',)),
    broken("caa-critical", ("dns.caa", "not-understood"), caa=(CAA, '128 tbs "unknown"')),
    broken("caa-malformed", ("dns.caa", "malformed"), caa=('0 issue "let us encrypt"',)),
    broken("given-up", ("dns.dangling", "to-be-taken"), records=("autodiscover CNAME login.vacant.test.",)),
    broken("nowhere", ("dns.dangling", "leads-nowhere"), records=("mail CNAME old.nowhere.test.",)),
    broken("ends-soon", ("dns.domain_expiry", "ends-soon"), registered_days=20),
    broken("being-removed", ("dns.domain_expiry", "being-removed"), registry_statuses=("redemption period",)),
)
