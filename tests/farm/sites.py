"""The domains of the farm. A broken site is the good one with one thing changed, and what must be found."""

from collections.abc import Collection
from dataclasses import dataclass

from tests.farm.authority import Certificate
from tests.farm.mail import MailHost
from tests.farm.web import GOOD_WEB, MODERN, Web
from tests.farm.zones import Signing

Expected = tuple[str, str]
"""A finding's id and outcome."""

_CAA = '0 issue "letsencrypt.org"'
_DMARC = "v=DMARC1; p=reject; rua=mailto:dmarc@farm.test"
_ELEVEN_INCLUDES = f"v=spf1 {' '.join(f'include:spf{number}.farm.test' for number in range(1, 12))} -all"
_THREE_VOIDS = "v=spf1 a:no1.test a:no2.test a:no3.test mx -all"
_SAME_KEY_EVERYWHERE = '*._domainkey TXT "v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"'
_WWW_ON_TO_HTTPS = "if ($host ~ ^www) { return 301 https://$host/; }"

_NAMES = ("dns.ns_count", "dns.dnssec", "dns.caa")
_MAIL = (
    "mail.mx",
    "mail.spf",
    "mail.spf_lookups",
    "mail.spf_all",
    "mail.dkim",
    "mail.dmarc",
    "mail.dmarc_policy",
    "mail.starttls",
)
_WEB = ("tls.https", "tls.chain", "tls.hostname", "tls.expiry", "tls.protocols", "web.redirect", "web.hsts")

NAME_SERVERS = ("ns1.farm.test.", "ns2.farm.test.")


@dataclass(frozen=True, slots=True)
class Site:
    """One domain, `<name>.test`. Every default is what the good domain has.

    `fails` and `unknown` are exactly the findings of that status that must come out. `records` are further lines of
    its zone file, names relative to the domain; `addresses` replace the address of its own web server.
    """

    name: str
    fails: frozenset[Expected] = frozenset()
    unknown: frozenset[Expected] = frozenset()
    name_servers: tuple[str, ...] = NAME_SERVERS
    served: bool = True
    signing: Signing = Signing.GOOD
    caa: tuple[str, ...] = (_CAA,)
    mx: tuple[str, ...] = (MailHost.GOOD.mx,)
    spf: tuple[str, ...] = ("v=spf1 mx -all",)
    dkim: bool = True
    dmarc: tuple[str, ...] = (_DMARC,)
    records: tuple[str, ...] = ()
    addresses: tuple[str, ...] | None = None
    web: Web | None = GOOD_WEB
    open_ports: tuple[int, ...] = ()

    @property
    def domain(self) -> str:
        """As one types it."""
        return f"{self.name}.test"


def broken(name: str, *fails: Expected, **changed: object) -> Site:
    """The good site, but for what is changed; exactly `fails` must be found wrong."""
    return Site(name, fails=frozenset(fails), **changed)  # type: ignore[arg-type] - the fields' own types


def unclear(name: str, *unknown: Expected, **changed: object) -> Site:
    """The good site, but for what is changed; exactly `unknown` is what could not be told."""
    return Site(name, unknown=frozenset(unknown), **changed)  # type: ignore[arg-type] - the fields' own types


GOOD = Site("good")

GOOD_SITES: tuple[Site, ...] = (
    GOOD,
    Site("kahvila"),
    # Nothing is sent, nothing is received, nothing is shown
    Site("parked", addresses=(), web=None, mx=(), spf=("v=spf1 -all",)),
    Site("no-mail", mx=("0 .",), spf=("v=spf1 -all",)),
    # The same thing said in another way
    Site("xn--kahvila--u4a", web=Web(protocols=("TLSv1.3",))),
    Site("spf-redirect", spf=("v=spf1 redirect=spf1.farm.test",)),
    Site("spf-other-form", spf=("V=SPF1 a:mx1.farm.test include:spf1.farm.test ~all",)),
    Site("spf-other-txt", records=('@ TXT "v=spf10 is something else"', '@ TXT "MS=ms12345678"')),
    Site("dmarc-quarantine", dmarc=("v=DMARC1;p=quarantine;adkim=s;aspf=s",)),
    Site("dmarc-alias", dmarc=(), records=("_dmarc CNAME dmarc.farm.test.",)),
    Site("dkim-alias", dkim=False, records=("selector1._domainkey CNAME dkim.farm.test.",)),
    Site("large-answers", records=tuple(f'@ TXT "verification-{number}={"x" * 200}"' for number in range(40))),
    Site("caa-many", caa=(_CAA, '0 issue "digicert.com"', '0 issuewild ";"', '0 iodef "mailto:caa@farm.test"')),
    Site("two-mx", mx=(MailHost.GOOD.mx, "20 mx2.farm.test.")),
    Site("hsts-preload", web=Web(hsts="max-age=63072000; includeSubDomains; preload")),
    Site("https-only", web=Web(http="closed")),
    Site("tls12", web=Web(protocols=("TLSv1.2",))),
    Site("wildcard-cert", web=Web(Certificate(names=("wildcard-cert.test", "*.wildcard-cert.test")))),
    Site("by-www", web=Web(http="http://www.by-www.test/", http_lines=(_WWW_ON_TO_HTTPS,))),
    # Two addresses, of which we may be unable to reach one
    Site("dual-stack", records=("@ AAAA 2001:67c:2a8::80", "www AAAA 2001:67c:2a8::80")),
)
"""Nothing is wrong with these, and nothing about them is unknown."""

BROKEN_SITES: tuple[Site, ...] = (
    # The name service
    broken("one-ns", ("dns.ns_count", "only-one"), name_servers=("ns1.farm.test.",)),
    broken("unsigned", ("dns.dnssec", "unsigned"), signing=Signing.UNSIGNED),
    broken("no-ds", ("dns.dnssec", "no-ds"), signing=Signing.NO_DS),
    broken("wrong-ds", ("dns.dnssec", "bogus"), signing=Signing.WRONG_DS),
    broken("old-signatures", ("dns.dnssec", "bogus"), signing=Signing.EXPIRED),
    broken("old-algorithm", ("dns.dnssec", "outdated"), signing=Signing.OUTDATED),
    broken("no-caa", ("dns.caa", "absent"), caa=()),
    broken("caa-iodef-only", ("dns.caa", "names-nobody"), caa=('0 iodef "mailto:caa@farm.test"',)),
    broken("caa-nobody", ("dns.caa", "blocks-renewal"), caa=('0 issue ";"',)),
    broken("caa-critical", ("dns.caa", "not-understood"), caa=(_CAA, '128 tbs "unknown"')),
    broken("caa-malformed", ("dns.caa", "malformed"), caa=('0 issue "let us encrypt"',)),
    # Where mail goes
    broken("mx-implicit", ("mail.mx", "implicit"), mx=()),
    broken(
        "mx-own-address",
        ("mail.mx", "implicit-server"),
        mx=(),
        spf=("v=spf1 a -all",),
        addresses=("198.18.1.25",),
        web=None,
    ),
    broken("mx-contradictory", ("mail.mx", "contradictory"), mx=("0 .", MailHost.GOOD.mx)),
    broken("mx-address", ("mail.mx", "target-is-address"), mx=("10 198.18.1.25.",)),
    broken("mx-gone", ("mail.mx", "unresolvable"), mx=(MailHost.GONE.mx,)),
    broken("mx-half-gone", ("mail.mx", "partly-unresolvable"), mx=(MailHost.GOOD.mx, MailHost.GONE.mx)),
    broken("no-starttls", ("mail.starttls", "not-offered"), mx=(MailHost.NO_STARTTLS.mx,)),
    broken("starttls-fails", ("mail.starttls", "offer-fails"), mx=(MailHost.BROKEN_STARTTLS.mx,)),
    # Who may send it
    broken("spf-absent", ("mail.spf", "absent"), spf=()),
    broken("spf-unused", ("mail.spf", "absent-unused"), mx=("0 .",), spf=()),
    broken("spf-misspelt", ("mail.spf", "misspelt"), spf=("v=spf mx -all",)),
    broken("spf-two", ("mail.spf", "several"), spf=("v=spf1 mx -all", "v=spf1 a -all")),
    broken("spf-syntax", ("mail.spf", "syntax-error"), spf=("v=spf1 mx ipv4:198.18.1.25 -all",)),
    broken("spf-include", ("mail.spf", "include-broken"), spf=("v=spf1 include:www.farm.test mx -all",)),
    broken("spf-lookups", ("mail.spf_lookups", "too-many"), spf=(_ELEVEN_INCLUDES,)),
    broken("spf-loop", ("mail.spf_lookups", "loop"), spf=("v=spf1 mx include:spf-loop.test -all",)),
    broken("spf-many-mx", ("mail.spf_lookups", "too-many-mail-servers"), spf=("v=spf1 mx:many.farm.test -all",)),
    broken("spf-void", ("mail.spf_lookups", "too-many-void"), spf=(_THREE_VOIDS,)),
    broken("spf-plus-all", ("mail.spf_all", "anyone"), spf=("v=spf1 mx +all",)),
    broken("spf-neutral-all", ("mail.spf_all", "neutral"), spf=("v=spf1 mx ?all",)),
    broken("spf-no-all", ("mail.spf_all", "missing"), spf=("v=spf1 mx",)),
    broken("dkim-broken", ("mail.dkim", "broken"), dkim=False, records=('default._domainkey TXT "v=DKIM1; p=MIIB!"',)),
    # What becomes of forged mail
    broken("dmarc-absent", ("mail.dmarc", "absent"), dmarc=()),
    broken("dmarc-no-inbox", ("mail.dmarc", "absent-no-inbox"), dmarc=(), mx=("0 .",), spf=("v=spf1 a -all",)),
    broken("dmarc-unused", ("mail.dmarc", "absent-unused"), dmarc=(), mx=("0 .",), spf=("v=spf1 -all",)),
    broken("dmarc-two", ("mail.dmarc", "several"), dmarc=(_DMARC, _DMARC.replace("reject", "quarantine"))),
    broken("dmarc-invalid", ("mail.dmarc", "invalid"), dmarc=("v=DMARC1; p=refuse",)),
    broken("dmarc-misplaced", ("mail.dmarc", "misplaced"), dmarc=(), records=(f'@ TXT "{_DMARC}"',)),
    broken("dmarc-none", ("mail.dmarc_policy", "none"), dmarc=(_DMARC.replace("reject", "none"),)),
    broken("dmarc-testing", ("mail.dmarc_policy", "test-mode"), dmarc=(f"{_DMARC}; t=y",)),
    broken("dmarc-partly", ("mail.dmarc_policy", "partly"), dmarc=(f"{_DMARC}; pct=25",)),
    broken("dmarc-subdomains", ("mail.dmarc_policy", "weaker-subdomains"), dmarc=(f"{_DMARC}; sp=none",)),
    broken(
        "dmarc-none-unused",
        ("mail.dmarc_policy", "none-unused"),
        dmarc=(_DMARC.replace("reject", "none"),),
        mx=("0 .",),
        spf=("v=spf1 -all",),
    ),
    # Encryption
    broken("no-https", ("tls.https", "absent"), web=Web(certificate=None, http="serve")),
    broken(
        "https-leads-back",
        ("tls.https", "leads-back"),
        web=Web(http="serve", https_lines=("return 301 http://$host$request_uri;",)),
    ),
    broken("no-https-forwarded", ("tls.https", "leads-on"), web=Web(certificate=None, http="https://www.farm.test/")),
    broken("self-signed", ("tls.chain", "self-signed"), web=Web(Certificate(issuer="self"))),
    broken("unknown-ca", ("tls.chain", "unknown-authority"), web=Web(Certificate(issuer="stranger"))),
    broken("no-intermediate", ("tls.chain", "incomplete"), web=Web(Certificate(with_intermediate=False))),
    broken("wrong-name", ("tls.hostname", "mismatch"), web=Web(Certificate(names=("other.test",)))),
    broken("cert-expired", ("tls.expiry", "expired"), web=Web(Certificate(valid_until=-3))),
    broken("cert-early", ("tls.expiry", "not-yet-valid"), web=Web(Certificate(valid_from=3))),
    broken("cert-expiring", ("tls.expiry", "soon"), web=Web(Certificate(valid_until=5))),
    broken("tls10", ("tls.protocols", "outdated"), web=Web(protocols=("TLSv1", *MODERN))),
    broken("tls11", ("tls.protocols", "outdated"), web=Web(protocols=("TLSv1.1", *MODERN))),
    broken("tls-only-old", ("tls.protocols", "only-old"), web=Web(protocols=("TLSv1", "TLSv1.1"))),
    # The web
    broken("no-redirect", ("web.redirect", "absent"), web=Web(http="serve")),
    broken("no-hsts", ("web.hsts", "absent"), web=Web(hsts=None)),
    broken("hsts-off", ("web.hsts", "absent"), web=Web(hsts="max-age=0")),
    broken("hsts-invalid", ("web.hsts", "invalid"), web=Web(hsts="includeSubDomains")),
    broken("short-hsts", ("web.hsts", "short"), web=Web(hsts="max-age=300")),
    # Doors
    broken("rdp", ("ports.remote_desktop", "open"), open_ports=(3389,)),
    broken("smb", ("ports.file_sharing", "open"), open_ports=(445,)),
    broken("redis", ("ports.database", "open"), open_ports=(6379,)),
)
"""Exactly one thing is wrong with each."""

_RESTING_ON_NAMES = (*_NAMES, *_MAIL, *_WEB)

UNCLEAR_SITES: tuple[Site, ...] = (
    unclear("lame", *((check_id, "dns-failed") for check_id in _RESTING_ON_NAMES), served=False),
    unclear("web-private", *((check_id, "address-not-public") for check_id in _WEB), addresses=("10.18.0.80",)),
    unclear("default-page", ("tls.https", "error-page"), web=Web(certificate=None, http_lines=("return 404;",))),
    unclear(
        "mail-private",
        ("mail.mx", "address-not-public"),
        ("mail.starttls", "address-not-public"),
        mx=(MailHost.PRIVATE.mx,),
    ),
    unclear("mail-busy", ("mail.starttls", "try-later"), mx=(MailHost.BUSY.mx,)),
    unclear("mail-silent", ("mail.starttls", "connection-timeout"), mx=(MailHost.SILENT.mx,)),
    unclear("mail-refusing", ("mail.starttls", "connection-refused"), mx=(MailHost.REFUSING.mx,)),
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
    Site("mail-inside", mx=(MailHost.PRIVATE.mx,)),
    Site("redirect-inside", records=("intra A 10.18.0.80",), web=Web(http="http://intra.redirect-inside.test/")),
    Site("redirect-loopback", web=Web(http="http://127.0.0.1:8080/")),
)
"""Their records, or their web server, point to where nobody outside may look."""

_BY_RECORDS = {"mail.spf", "mail.spf_lookups", "mail.spf_all", "mail.dmarc", "mail.dmarc_policy"}
_ALSO_BY_RECORDS = {
    ("dns.dnssec", "no-ds"),
    ("mail.mx", "contradictory"),
    ("mail.mx", "implicit"),
    ("mail.mx", "implicit-server"),
    ("mail.mx", "partly-unresolvable"),
    *(("dns.caa", outcome) for outcome in ("absent", "names-nobody", "blocks-renewal", "not-understood", "malformed")),
}
_BY_LINES = {"web.redirect", "web.hsts", "tls.protocols"}


def _with_faults(ids: Collection[str], faults: Collection[Expected] = ()) -> tuple[Site, ...]:
    return tuple(site for site in BROKEN_SITES if all(fault in faults or fault[0] in ids for fault in site.fails))


MENDED_BY_RECORDS = _with_faults(_BY_RECORDS, _ALSO_BY_RECORDS)
MENDED_BY_LINES = _with_faults(_BY_LINES)
"""Broken sites for whose fault there are records, or lines for nginx, that mend it."""

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

ALL_SITES = (*GOOD_SITES, *BROKEN_SITES, *UNCLEAR_SITES, *GUARDED_SITES, EVERYDAY)
