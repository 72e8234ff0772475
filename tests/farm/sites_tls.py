"""Broken domains: encryption."""

from tests.farm.authority import Certificate
from tests.farm.site import Site, broken
from tests.farm.web import ANY_CIPHERS, MODERN, Web

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
    broken("tls10", ("tls.protocols", "outdated"), web=Web(protocols=("TLSv1", *MODERN), ciphers=ANY_CIPHERS)),
    broken("tls11", ("tls.protocols", "outdated"), web=Web(protocols=("TLSv1.1", *MODERN), ciphers=ANY_CIPHERS)),
    broken("tls-only-old", ("tls.protocols", "only-old"), web=Web(protocols=("TLSv1", "TLSv1.1"), ciphers=ANY_CIPHERS)),
)
