"""TLSA records, and whether a server's certificates are the ones they promise (RFC 6698, RFC 7671, RFC 7672)."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from checks.evidence.tls import Certificate
from checks.records.host_names import covers

AUTHORITY, SERVER = 2, 3
"""The usages that count for mail (RFC 7672, section 3.1): DANE-TA, a certificate above the server's, and DANE-EE,
the server's own."""
_WHOLE, _KEY = 0, 1
_PLAIN = 0
_VERSION = 0xA0
"""The tag of a certificate's version, which the oldest lack."""
_DIGESTS = {1: hashlib.sha256, 2: hashlib.sha512}


class Tlsa(Struct, frozen=True):
    """One record's data (RFC 6698, section 2.1)."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @classmethod
    def parse(cls, text: str) -> "Tlsa":
        """A record in presentation form. Raises ValueError where it is none."""
        usage, selector, matching, *data = text.split()
        return cls(int(usage), int(selector), int(matching), bytes.fromhex("".join(data)))

    @property
    def usable(self) -> bool:
        """Whether a mail server that sends can do anything with it (RFC 7672, section 3.1)."""
        if self.usage not in {AUTHORITY, SERVER} or self.selector not in {_WHOLE, _KEY}:
            return False
        if self.matching == _PLAIN:
            return bool(self.data)
        return self.matching in _DIGESTS and len(self.data) == _DIGESTS[self.matching]().digest_size

    def describes(self, certificate: Certificate) -> bool:
        """Whether the data is what the certificate, or its key, gives."""
        try:
            selected = certificate.der if self.selector == _WHOLE else key_of(certificate.der)
        except ValueError:
            return False
        return self.data == (_DIGESTS[self.matching](selected).digest() if self.matching in _DIGESTS else selected)


def keeps(record: Tlsa, chain: Sequence[Certificate], names: Collection[str], when: datetime) -> bool:
    """Whether the served chain, its leaf first and not empty, is what a usable record promises.

    With DANE-EE only the leaf counts, whatever its names and dates (RFC 7671, section 5.1). With DANE-TA it must lead
    to the promised certificate, be within its dates, and be made out to one of the names: the mail server's, or the
    domain's (RFC 7672, sections 3.2.2 and 3.2.3).
    """
    leaf = chain[0]
    if record.usage == SERVER:
        return record.describes(leaf)
    if not any(covers(leaf.names, name) for name in names):
        return False
    path = _path(chain, record)
    valid = [certificate.not_before <= when <= certificate.not_after for certificate in path]
    return any(record.describes(one) and all(valid[: place + 1]) for place, one in enumerate(path))


def _path(chain: Sequence[Certificate], record: Tlsa) -> list[Certificate]:
    """The leaf and its issuers, as far as what was served, and a certificate that the record holds whole, lead."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - few domains need any of it

    from checks.records.certificates import describe, load_all  # noqa: PLC0415 - loads the cryptography library,
    from checks.records.trust import walk  # noqa: PLC0415 - which few domains need here

    ders = [certificate.der for certificate in chain]
    if (record.selector, record.matching) == (_WHOLE, _PLAIN):
        ders.append(record.data)
    leaf, *others = load_all(ders)
    found = (describe(certificate, certificate.public_bytes(Encoding.DER)) for certificate in walk(leaf, others))
    return [certificate for certificate in found if certificate is not None]


def is_bare_key(record: Tlsa) -> bool:
    """Whether an authority is promised by its key alone, which need not be among what the server sends."""
    return (record.usage, record.selector, record.matching) == (AUTHORITY, _KEY, _PLAIN)


def promise_of(certificate: Certificate) -> str:
    """The record that fits this server's certificate for as long as its key is kept (RFC 7671, section 5.1).

    Raises ValueError for a certificate that cannot be read.
    """
    return f"{SERVER} {_KEY} 1 {hashlib.sha256(key_of(certificate.der)).hexdigest()}"


def key_of(der: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate, byte for byte as it stands there (RFC 5280, section 4.1).

    Raises ValueError for bytes that are no certificate.
    """
    _, signed, _ = _element(_element(der)[1])
    tag, _, rest = _element(signed)
    if tag == _VERSION:
        _, _, rest = _element(rest)
    for _skipped in ("signature", "issuer", "validity", "subject"):
        _, _, rest = _element(rest)
    after = _element(rest)[2]
    return rest[: len(rest) - len(after)]


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """The first element's tag and content, and what follows it (X.690, section 8.1)."""
    if len(der) < 2:  # noqa: PLR2004 - a tag and a length
        raise ValueError("not DER")
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("not DER")
    return der[0], der[start : start + length], der[start + length :]
