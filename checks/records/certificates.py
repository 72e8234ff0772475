"""Certificates as they come over the wire, read without ever failing on a strange one (RFC 5280)."""

import warnings
from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtensionOID, NameOID

from checks.evidence.tls import Certificate

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


def describe(certificate: x509.Certificate, der: bytes) -> Certificate | None:
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
        )
    except UNREADABLE:
        return None


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
