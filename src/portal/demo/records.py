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


def facts_of(check: str, domain: str) -> dict[str, Json]:
    """Whatever the card of that check names. Addresses are those for examples (RFC 5737)."""
    servers: list[Json] = ["ns1.hosting.example", "ns2.hosting.example"]
    addresses: list[Json] = ["192.0.2.10"]
    found: dict[str, dict[str, Json]] = {
        "dns.ns_count": {"zone": domain, "name_servers": servers, "count": 2},
        "dns.dnssec": {"zone": domain},
        "dns.caa": {"domain": domain, "at": domain, "authorities": "ca.example"},
        "mail.spf": {"domain": domain},
        "mail.dmarc": {"domain": domain, "policy": "reject"},
        "tls.https": {"encrypted": addresses, "unencrypted": addresses},
        "tls.expiry": {"expires": "2027-03-01", "authority": "Example CA", "days": 12},
        "tls.protocols": {"accepted": "TLS 1.2, TLS 1.3", "outdated": "TLS 1.0, TLS 1.1"},
        "web.redirect": {"target": f"https://{domain}/", "status": 200},
        "web.hsts": {"days": 365, "header": ""},
        "web.nosniff": {"header": ""},
    }
    return found[check]
