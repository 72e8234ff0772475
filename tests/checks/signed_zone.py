"""A small zone, really signed, as the answers that a resolver gives about it."""

import time
from datetime import UTC, datetime

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from checks.evidence.lookups import Answer, Lookup, Signature

ZONE = "firm.fi"
NOW = datetime.now(UTC)
DAY_S = 86400
_TEXT = """
$TTL 60
@ SOA a.ns.example. Host.Firm.fi. 1 3600 600 1209600 60
@ NS a.ns.example.
@ A 192.0.2.1
@ MX 10 Mail.Firm.fi.
"""


class SignedZone:
    """Signed with one key from a week ago until `days` from now; `asked` gives its answers with signatures."""

    def __init__(self, days: float = 14) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        self.key = dns.dnssec.make_dnskey(private.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, 257)
        self._zone = dns.zone.from_text(_TEXT, f"{ZONE}.", relativize=False)
        now = int(time.time())
        dns.dnssec.sign_zone(
            self._zone, keys=[(private, self.key)], inception=now - 7 * DAY_S, expiration=now + int(days * DAY_S)
        )

    def asked(self, rdtype: str, *, bogus: bool = True) -> Answer:
        """The answer for the zone's own name."""
        kind = dns.rdatatype.from_text(rdtype)
        records = self._zone.get_rdataset(f"{ZONE}.", kind)
        signed = self._zone.get_rdataset(f"{ZONE}.", dns.rdatatype.RRSIG, kind)
        assert records is not None
        assert signed is not None
        signatures = tuple(
            Signature(
                covers=rdtype,
                algorithm=int(rdata.algorithm),
                key_tag=rdata.key_tag,
                signer=ZONE,
                inception=datetime.fromtimestamp(rdata.inception, UTC),
                expiration=datetime.fromtimestamp(rdata.expiration, UTC),
                text=str(rdata),
            )
            for rdata in signed
        )
        texts = tuple(str(rdata) for rdata in records)
        return Answer(ZONE, rdtype, Lookup.FOUND, texts, bogus=bogus, signatures=signatures, resolver="r1")

    def vouchers(self, digest: str = "SHA256") -> Answer:
        """What the parent says of the key; authentic."""
        policy = dns.dnssec.allow_all_policy
        text = str(dns.dnssec.make_ds(dns.name.from_text(ZONE), self.key, digest, policy=policy))
        return Answer(ZONE, "DS", Lookup.FOUND, (text,), authenticated=True, resolver="r1")


def changed(answer: Answer, *records: str) -> Answer:
    """The answer with other records under the old signatures."""
    return replace(answer, records=records)


def unsigned(answer: Answer) -> Answer:
    """The answer without its signatures."""
    return replace(answer, signatures=())
