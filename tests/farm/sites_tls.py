"""Broken domains: encryption."""

from tests.farm.authority import Certificate
from tests.farm.old_web import Temper
from tests.farm.site import Site, broken
from tests.farm.web import ANY_CIPHERS, GOOD_CIPHERS, MODERN, OLD_CIPHERS, Web

_RSA = Certificate(rsa=2048)

BROKEN: tuple[Site, ...] = (
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
    broken("tls10", ("tls.protocols", "outdated"), web=Web(protocols=("TLSv1", *MODERN), ciphers=OLD_CIPHERS)),
    broken("tls11", ("tls.protocols", "outdated"), web=Web(protocols=("TLSv1.1", *MODERN), ciphers=OLD_CIPHERS)),
    broken(
        "tls-only-old",
        ("tls.protocols", "only-old"),
        web=Web(protocols=("TLSv1", "TLSv1.1"), ciphers=OLD_CIPHERS),
    ),
    broken(
        "ssl3",
        ("tls.protocols", "broken-version"),
        web=Web(_RSA, ("TLSv1", *MODERN), ciphers=OLD_CIPHERS, temper=Temper.SSL3),
    ),
    broken("no-encryption", ("tls.ciphers", "broken"), web=Web(ciphers=ANY_CIPHERS)),
    broken("triple-des", ("tls.ciphers", "weak"), web=Web(_RSA, ciphers=ANY_CIPHERS, temper=Temper.TRIPLE_DES)),
    broken(
        "plain-rsa",
        ("tls.ciphers", "no-forward-secrecy"),
        web=Web(_RSA, protocols=("TLSv1.2",), ciphers="AES128-GCM-SHA256:AES256-SHA"),
    ),
    broken(
        "short-key", ("tls.key", "short-key"), web=Web(Certificate(rsa=1024), ciphers=f"{GOOD_CIPHERS}:@SECLEVEL=0")
    ),
    broken(
        "sha1",
        ("tls.key", "old-signature"),
        web=Web(Certificate(issuer="farm-rsa", old_signature=True, rsa=2048), ciphers=f"{GOOD_CIPHERS}:@SECLEVEL=0"),
    ),
    broken(
        "old-renegotiation",
        ("tls.vulnerabilities", "old-renegotiation"),
        web=Web(_RSA, temper=Temper.OLD_RENEGOTIATION),
    ),
)
