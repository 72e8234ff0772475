"""What is found at the firms' domains: for each check its good and its bad outcome, and how often it is the bad one."""

from msgspec import Struct

from checks.contract import Json


class Seen(Struct, frozen=True):
    """`record`: what is to be added where it is bad, as `checks.contract.Record` has it."""

    check: str
    good: str
    bad: str
    bad_share: float
    record: tuple[str, str, str, str] | None = None


SEEN = (
    Seen("dns.ns_count", "enough", "only-one", 0.05),
    Seen("dns.dnssec", "signed", "unsigned", 0.7),
    Seen("dns.caa", "present", "absent", 0.8),
    Seen("mail.spf", "valid", "absent", 0.25, ("add", "{domain}", "TXT", "v=spf1 mx -all")),
    Seen(
        "mail.dmarc",
        "present",
        "absent",
        0.6,
        ("add", "_dmarc.{domain}", "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"),
    ),
    Seen("tls.https", "encrypted", "absent", 0.06),
    Seen("tls.expiry", "valid", "soon", 0.05),
    Seen("tls.protocols", "modern", "outdated", 0.2),
    Seen("web.redirect", "redirects", "absent", 0.2),
    Seen("web.hsts", "on", "absent", 0.65),
    Seen("web.nosniff", "on", "absent", 0.5),
)


def facts_of(domain: str) -> dict[str, Json]:
    """Whatever the cards of these outcomes name."""
    servers: list[Json] = ["ns1.hosting.example", "ns2.hosting.example"]
    return {
        "domain": domain, "zone": domain, "at": domain, "name_servers": servers, "count": 2, "policy": "reject",
        "authorities": "ca.example", "unencrypted": f"http://{domain}/", "expires": "2027-03-01", "days": 365,
        "authority": "Example CA", "accepted": "TLS 1.2, TLS 1.3", "outdated": "TLS 1.0, TLS 1.1", "header": "",
        "target": f"https://{domain}/", "status": 200,
    }  # fmt: skip
