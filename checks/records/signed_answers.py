"""Whether an answer's signature holds, from what the parent vouches for down (RFC 4035, section 5.3).

A resolver that refuses an answer may be right, or may have met a name server that hiccuped. This is the proof.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import dns.exception
import dns.name
import dns.rrset

from checks.evidence.lookups import Answer

if TYPE_CHECKING:
    from dns.rdtypes.ANY.DNSKEY import DNSKEY

_DIGESTS = {1: "SHA1", 2: "SHA256", 4: "SHA384"}


def holds(answer: Answer, keys: Answer, vouchers: Answer, when: datetime) -> bool:
    """Whether a key that the DS records vouch for signed the keys, and one of those the answer, valid at that time.

    All three must have records; an answer that says that there is nothing cannot be judged from itself.
    """
    import dns.dnssec  # noqa: PLC0415 - loads the cryptography library, which only a refused answer needs

    zone = dns.name.from_text(keys.name)
    try:
        all_keys = _rrset(keys)
        vouched = dns.rrset.from_rdata_list(zone, 0, [key for key in all_keys if _is_vouched_for(zone, key, vouchers)])
        for rrset, signed, by in ((all_keys, keys, vouched), (_rrset(answer), answer, all_keys)):
            dns.dnssec.validate(
                rrset,
                _signatures(signed),
                {zone: by},
                now=when.timestamp(),
                policy=dns.dnssec.allow_all_policy,
            )
    except (dns.exception.DNSException, ValueError):
        return False
    return True


def _rrset(answer: Answer) -> dns.rrset.RRset:
    return dns.rrset.from_text(dns.name.from_text(answer.name), 0, "IN", answer.rdtype, *answer.records)


def _signatures(answer: Answer) -> dns.rrset.RRset:
    texts = [signature.text for signature in answer.signatures if signature.covers == answer.rdtype]
    return dns.rrset.from_text(dns.name.from_text(answer.name), 0, "IN", "RRSIG", *texts)


def _is_vouched_for(zone: dns.name.Name, key: "DNSKEY", vouchers: Answer) -> bool:
    import dns.dnssec  # noqa: PLC0415 - as above

    for text in vouchers.records:
        tag, _, digest, _ = text.split(maxsplit=3)
        if int(tag) == dns.dnssec.key_id(key) and int(digest) in _DIGESTS:
            ds = dns.dnssec.make_ds(zone, key, _DIGESTS[int(digest)], policy=dns.dnssec.allow_all_policy)
            if str(ds).split() == text.split():
                return True
    return False
