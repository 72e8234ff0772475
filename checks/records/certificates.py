"""Certificates as they come over the wire, read without ever failing on a strange one (RFC 5280)."""

import warnings
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtensionOID, NameOID

from checks.evidence.tls import Certificate, PublicKey

UNREADABLE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises for certificates, or parts of them, that it cannot read; they have no common ancestor."""

FORGEABLE_HASHES = frozenset({"MD5", "SHA1"})
"""A signature over one of these no longer shows who signed (RFC 6151; RFC 9155)."""


def load(der: bytes) -> x509.Certificate | None:
    """The certificate, or None for bytes that are none.

    Old authorities with a zero serial number are read too; the library only warns of them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        try:
            return x509.load_der_x509_certificate(der)
        except UNREADABLE:
            return None


def load_all(ders: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """Those of the certificates that can be read, in their order."""
    return tuple(found for der in ders if (found := load(der)) is not None)


def describe(certificate: x509.Certificate, der: bytes, *, trusted: bool = False) -> Certificate | None:
    """What judges need of it. None where its dates or names cannot be read."""
    try:
        return Certificate(
            der=der,
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            authority=_authority(certificate.issuer),
            names=_dns_names(certificate),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            key=public_key(certificate),
            hash=signature_hash(certificate),
            trusted=trusted,
        )
    except UNREADABLE:
        return None


def public_key(certificate: x509.Certificate) -> PublicKey | None:
    """Its key; None for one that our library cannot read, or of a kind that no authority signs for web servers."""
    try:
        key = certificate.public_key()
        info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except UNREADABLE:
        return None
    kind, bits = _size(key)
    return PublicKey(kind, bits, sha256(info).hexdigest()) if kind else None


def _size(key: object) -> tuple[str, int]:
    match key:
        case rsa.RSAPublicKey(key_size=bits):
            return "RSA", bits
        case ec.EllipticCurvePublicKey(key_size=bits):
            return "ECDSA", bits
        case dsa.DSAPublicKey(key_size=bits):
            return "DSA", bits
        case ed25519.Ed25519PublicKey():
            return "Ed25519", 256
        case ed448.Ed448PublicKey():
            return "Ed448", 456
        case _:
            return "", 0


def signature_hash(certificate: x509.Certificate) -> str | None:
    """The hash of its signature (`SHA256`). None for a signature without one, and for one that we do not know."""
    try:
        used = certificate.signature_hash_algorithm
    except UNREADABLE:
        return None
    return used.name.upper() if used else None


def is_short(key: PublicKey) -> bool:
    """Whether a key is no longer taken for safe (NIST SP 800-131A, section 3), or of a kind that browsers gave up."""
    return key.kind == "DSA" or key.bits < (2048 if key.kind == "RSA" else 224)


def is_weak(certificate: x509.Certificate) -> bool:
    """Whether its key is too short, or its signature over a hash that can be forged."""
    key = public_key(certificate)
    return (key is not None and is_short(key)) or signature_hash(certificate) in FORGEABLE_HASHES


def valid_at(certificate: x509.Certificate, when: datetime) -> bool:
    """Whether its dates cover that time (aware). Dates that cannot be read cover none."""
    try:
        return certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc
    except UNREADABLE:
        return False


def is_publicly_logged(certificate: x509.Certificate) -> bool:
    """Whether it carries promises of public logs (RFC 6962), as those of every authority in browsers do."""
    try:
        certificate.extensions.get_extension_for_oid(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS)
    except UNREADABLE:
        return False
    return True


def _authority(issuer: x509.Name) -> str:
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in issuer.get_attributes_for_oid(oid):
            if isinstance(attribute.value, str) and attribute.value.strip():
                return attribute.value.strip()
    return issuer.rfc4514_string()


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except UNREADABLE:
        return ()
    return tuple(name.lower().removesuffix(".") for name in alternative.get_values_for_type(x509.DNSName))
