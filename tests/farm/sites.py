"""The domains of the farm: good, broken, unclear, guarded. What is broken stands in `sites_*.py`, a file each topic."""

from tests.farm import sites_mail, sites_names, sites_ports, sites_tls, sites_web
from tests.farm.authority import Certificate, tlsa
from tests.farm.mail import MailHost
from tests.farm.name_servers import NameServer, named
from tests.farm.site import CAA, Site, unclear
from tests.farm.sites_web import CONTACT, saying, security_txt
from tests.farm.web import Web
from tests.farm.zones import Signing

_SAME_KEY_EVERYWHERE = '*._domainkey TXT "v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"'
_WWW_ON_TO_HTTPS = "if ($host ~ ^www) { return 301 https://$host/; }"

_NAMES = (
    "dns.ns_count",
    "dns.ns_diversity",
    "dns.ns_alias",
    "dns.lame",
    "dns.zone_transfer",
    "dns.open_recursion",
    "dns.soa_consistency",
    "dns.dnssec",
    "dns.dnssec_expiry",
    "dns.caa",
    "dns.dangling",
    "dns.ipv6",
)
_MAIL = (
    "mail.mx",
    "mail.mx_alias",
    "mail.spf",
    "mail.spf_lookups",
    "mail.spf_all",
    "mail.dkim",
    "mail.dkim_key",
    "mail.dmarc",
    "mail.dmarc_policy",
    "mail.dmarc_reporting",
    "mail.mta_sts",
    "mail.tls_rpt",
    "mail.starttls",
    "mail.mx_certificate",
    "mail.dane",
)
_SEEN_BY_TALKING = ("mail.starttls", "mail.mx_certificate")
_PAGES = (
    "web.csp",
    "web.nosniff",
    "web.framing",
    "web.referrer",
    "web.cookies",
    "web.security_txt",
    "web.banner",
)
_TLS = (
    "tls.https",
    "tls.chain",
    "tls.hostname",
    "tls.expiry",
    "tls.key",
    "tls.protocols",
    "tls.ciphers",
    "tls.vulnerabilities",
    "tls.post_quantum",
)
_WEB = (*_TLS, "web.redirect", "web.hsts", *_PAGES)

_REFUSED = tuple((check_id, "page-not-shown") for check_id in ("web.hsts", *_PAGES))
_BUSY = (("web.hsts", "page-not-shown"), *((check_id, "rate-limited") for check_id in _PAGES))

_FILTER = 'default_type text/html; return 200 "<html><head><title>One moment, please...</title></head></html>";'
"""A filter's page in place of the site, with the status of success."""

GOOD = Site("good")

GOOD_SITES: tuple[Site, ...] = (
    GOOD,
    Site("kahvila"),
    Site("numbered-apart", name_servers=named(NameServer.APART)),
    # Nothing is sent, nothing is received, nothing is shown
    Site("parked", addresses=(), web=None, mx=(), spf=("v=spf1 -all",)),
    Site("no-mail", mx=("0 .",), spf=("v=spf1 -all",)),
    # The same thing said in another way
    Site("xn--kahvila--u4a", web=Web(protocols=("TLSv1.3",))),
    Site("spf-redirect", spf=("v=spf1 redirect=spf1.farm.test",)),
    Site("spf-other-form", spf=("V=SPF1 a:mx1.farm.test include:spf1.farm.test ~all",)),
    Site("spf-other-txt", records=('@ TXT "v=spf10 is something else"', '@ TXT "MS=ms12345678"')),
    Site("dmarc-quarantine", dmarc=("v=DMARC1;p=quarantine;adkim=s;aspf=s;rua=mailto:dmarc@dmarc-quarantine.test",)),
    Site("dmarc-alias", dmarc=(), records=("_dmarc CNAME dmarc.farm.test.",)),
    Site("dkim-alias", dkim=False, records=("selector1._domainkey CNAME dkim.farm.test.",)),
    Site("large-answers", records=tuple(f'@ TXT "verification-{number}={"x" * 200}"' for number in range(40))),
    Site("caa-many", caa=(CAA, '0 issue "digicert.com"', '0 issuewild ";"', '0 iodef "mailto:caa@farm.test"')),
    Site("two-mx", mx=(MailHost.GOOD.mx, "20 mx2.farm.test.")),
    Site("dane", mx=("10 mail.dane.test.",), records=("mail A 198.18.1.25", f"_25._tcp.mail TLSA {tlsa()}")),
    Site("hsts-preload", web=Web(hsts="max-age=63072000; includeSubDomains; preload")),
    Site("https-only", web=Web(http="closed")),
    Site("tls12", web=Web(protocols=("TLSv1.2",))),
    Site("wildcard-cert", web=Web(Certificate(names=("wildcard-cert.test", "*.wildcard-cert.test")))),
    Site("by-www", web=Web(http="http://www.by-www.test/", http_lines=(_WWW_ON_TO_HTTPS,))),
    Site("reports-flaws", web=Web(https_lines=(security_txt(CONTACT, "Expires: 2099-01-01T00:00:00Z"),))),
    Site("reports-flaws-old", web=Web(https_lines=sites_web.OLD_PLACE)),
    Site(
        "nonces", web=saying("Content-Security-Policy", "script-src 'nonce-YQ' 'strict-dynamic' 'unsafe-inline' https:")
    ),
    Site("framed", web=saying("Content-Security-Policy", "default-src 'self'; frame-ancestors *")),
    Site("discreet", web=saying("Referrer-Policy", "unsafe-url, same-origin")),
    Site("cookies", web=saying("Set-Cookie", "PHPSESSID=1; path=/; Secure; HttpOnly; SameSite=Lax")),
    # Two addresses, of which we may be unable to reach one
    Site("dual-stack", records=("@ AAAA 2001:67c:2a8::80", "www AAAA 2001:67c:2a8::80")),
)
"""Nothing is wrong with these, and nothing about them is unknown."""

BROKEN_SITES: tuple[Site, ...] = (
    *sites_names.BROKEN,
    *sites_mail.BROKEN,
    *sites_tls.BROKEN,
    *sites_web.BROKEN,
    *sites_ports.BROKEN,
)
"""Exactly one thing is wrong with each."""

_SERVERS = (
    "dns.ns_diversity",
    "dns.lame",
    "dns.zone_transfer",
    "dns.open_recursion",
    "dns.soa_consistency",
)
_RESTING_ON_NAMES = (*_NAMES, *_MAIL, *_WEB)

UNCLEAR_SITES: tuple[Site, ...] = (
    unclear("lame", *((check_id, "dns-failed") for check_id in _RESTING_ON_NAMES), served=False),
    unclear(
        "mute-ns",
        ("dns.lame", "connection-timeout"),
        ("dns.zone_transfer", "connection-refused"),
        ("dns.open_recursion", "connection-timeout"),
        ("dns.soa_consistency", "connection-timeout"),
        name_servers=(NameServer.SECOND.host, NameServer.MUTE.host),
    ),
    unclear(
        "ns-private",
        *((check_id, "address-not-public") for check_id in _SERVERS),
        name_servers=named(NameServer.INSIDE),
    ),
    unclear("web-private", *((check_id, "address-not-public") for check_id in _WEB), addresses=("10.18.0.80",)),
    unclear("default-page", ("tls.https", "error-page"), web=Web(certificate=None, http_lines=("return 404;",))),
    unclear("web-refusing", *_REFUSED, web=Web(https_lines=("return 403;",))),
    unclear("web-filtered", *_REFUSED, web=Web(https_lines=(_FILTER,))),
    unclear("web-busy", *_BUSY, web=Web(https_lines=("return 429;",))),
    unclear(
        "mail-private",
        ("mail.mx", "address-not-public"),
        ("mail.starttls", "address-not-public"),
        ("mail.mx_certificate", "address-not-public"),
        ("mail.dane", "address-not-public"),
        mx=(MailHost.PRIVATE.mx,),
    ),
    unclear("mail-busy", *((one, "try-later") for one in _SEEN_BY_TALKING), mx=(MailHost.BUSY.mx,)),
    unclear("mail-silent", *((one, "connection-timeout") for one in _SEEN_BY_TALKING), mx=(MailHost.SILENT.mx,)),
    unclear("mail-refusing", *((one, "connection-refused") for one in _SEEN_BY_TALKING), mx=(MailHost.REFUSING.mx,)),
    unclear(
        "mail-cut-off",
        *((one, "connection-failed") for one in _SEEN_BY_TALKING),
        mx=(MailHost.CUTTING_OFF.mx, "20 mx2.farm.test."),
    ),
    # Nobody else encrypts either: something on our way may have answered.
    unclear("mail-garbled", *((one, "unclear-reply") for one in _SEEN_BY_TALKING), mx=(MailHost.BROKEN_STARTTLS.mx,)),
    unclear("no-dkim", ("mail.dkim", "not-found"), dkim=False),
    unclear("dkim-revoked", ("mail.dkim", "only-revoked"), dkim=False, records=('default._domainkey TXT "p="',)),
    unclear("dkim-anything", ("mail.dkim", "not-found"), dkim=False, records=(_SAME_KEY_EVERYWHERE,)),
)
"""Nothing is proven wrong with these; exactly what could not be told is unknown, and says why."""

GUARDED_SITES: tuple[Site, ...] = (
    Site("web-inside", addresses=("10.18.0.80",)),
    Site("web-loopback", addresses=("127.0.0.1",)),
    Site("web-mapped", addresses=("::ffff:10.18.0.80", "::ffff:127.0.0.1")),
    Site("web-translated", addresses=("64:ff9b::a12:50", "2002:a12:50::1")),
    Site("names-inside", name_servers=named(NameServer.INSIDE)),
    Site("mail-inside", mx=(MailHost.PRIVATE.mx,)),
    Site("redirect-inside", records=("intra A 10.18.0.80",), web=Web(http="http://intra.redirect-inside.test/")),
    Site("redirect-loopback", web=Web(http="http://127.0.0.1:8080/")),
)
"""Their records, or their web server, point to where nobody outside may look."""

EVERYDAY = Site(
    "leipomo",
    fails=frozenset(
        {
            ("dns.dnssec", "unsigned"),
            ("dns.caa", "absent"),
            ("mail.spf_all", "neutral"),
            ("mail.dmarc", "absent"),
            ("tls.expiry", "soon"),
            ("web.hsts", "absent"),
        }
    ),
    unknown=frozenset({("mail.dkim", "not-found")}),
    signing=Signing.UNSIGNED,
    caa=(),
    spf=("v=spf1 mx ?all",),
    dkim=False,
    dmarc=(),
    web=Web(Certificate(valid_until=5), hsts=None),
)
"""Several things are wrong with it, as with many a bakery's domain: for the pages, the report and their pictures."""

LEFT_ALONE = Site(
    "left-alone",
    mx=("10 mail.left-alone.test.",),
    records=("mail A 198.18.20.1", '_kyberkunto-optout TXT "optout"'),
    addresses=("198.18.20.1",),
    web=None,
)
"""Its holder wants no check; whoever listens at its address is the test."""

OURS = Site("kyberkunto", addresses=(), records=("@ A 198.18.20.2",), web=None)
"""Where a test has the portal itself, behind a web server of the test's own; nothing else has its name."""

ALL_SITES = (*GOOD_SITES, *BROKEN_SITES, *UNCLEAR_SITES, *GUARDED_SITES, EVERYDAY, LEFT_ALONE, OURS)
