"""Broken domains: the name service."""

from tests.farm.site import CAA, Site, broken
from tests.farm.zones import Signing

BROKEN: tuple[Site, ...] = (
    broken("one-ns", ("dns.ns_count", "only-one"), name_servers=("ns1.farm.test.",)),
    broken("unsigned", ("dns.dnssec", "unsigned"), signing=Signing.UNSIGNED),
    broken("no-ds", ("dns.dnssec", "no-ds"), signing=Signing.NO_DS),
    broken("wrong-ds", ("dns.dnssec", "bogus"), signing=Signing.WRONG_DS),
    broken("old-signatures", ("dns.dnssec", "bogus"), signing=Signing.EXPIRED),
    broken("old-algorithm", ("dns.dnssec", "outdated"), signing=Signing.OUTDATED),
    broken("no-caa", ("dns.caa", "absent"), caa=()),
    broken("caa-iodef-only", ("dns.caa", "names-nobody"), caa=('0 iodef "mailto:caa@farm.test"',)),
    broken("caa-nobody", ("dns.caa", "blocks-renewal"), caa=('0 issue ";"',)),
    broken("caa-another", ("dns.caa", "names-another"), caa=('0 issue "digicert.com"',)),
    broken("caa-critical", ("dns.caa", "not-understood"), caa=(CAA, '128 tbs "unknown"')),
    broken("caa-malformed", ("dns.caa", "malformed"), caa=('0 issue "let us encrypt"',)),
)
