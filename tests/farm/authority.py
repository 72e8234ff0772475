"""The farm's certificate authority: a root that the checks are told to trust, and an intermediate that signs."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FARM = "Let's Encrypt"
"""Whom the farm's authority passes for: the one that the good domain's CAA record names."""

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a site's certificate is like; the default is a good one.

    `issuer`: `farm` (trusted), `stranger` (an authority that nobody knows) or `self`. `names`: other names than
    the site's own. `valid_from` and `valid_until`: days from now.
    """

    issuer: str = "farm"
    names: tuple[str, ...] = ()
    with_intermediate: bool = True
    valid_from: float = -30
    valid_until: float = 60


class Issuer:
    """A root and the intermediate below it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._root_key, self._intermediate_key = _new_key(), _new_key()

    @cached_property
    def root(self) -> x509.Certificate:
        """The certificate that a browser would carry."""
        name = _name("Root", self._name)
        return _authority(name, self._root_key, name, self._root_key)

    @cached_property
    def intermediate(self) -> x509.Certificate:
        """The certificate that a server must send along."""
        return _authority(_name("Intermediate", self._name), self._intermediate_key, self.root.subject, self._root_key)

    def sign(self, key: Key, names: tuple[str, ...], certificate: Certificate) -> x509.Certificate:
        """A server's certificate."""
        return _server(key, names, certificate, self.intermediate.subject, self._intermediate_key)


class Authority:
    """Makes the certificates of all sites."""

    def __init__(self) -> None:
        self._issuers = {"farm": Issuer(FARM), "stranger": Issuer("Stranger")}
        self.key = SERVER_KEY

    @property
    def root_pem(self) -> bytes:
        """What SSL_CERT_FILE points to."""
        return self._issuers["farm"].root.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The servers' private key."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def chain_pem(self, names: tuple[str, ...], certificate: Certificate) -> bytes:
        """What a server with one of these names sends: its certificate, and the intermediate where it should."""
        names = certificate.names or names
        if certificate.issuer == "self":
            own = _server(self.key, names, certificate, _name(names[0]), self.key)
            return own.public_bytes(Encoding.PEM)
        issuer = self._issuers[certificate.issuer]
        chain = [issuer.sign(self.key, names, certificate)]
        if certificate.with_intermediate:
            chain.append(issuer.intermediate)
        return b"".join(link.public_bytes(Encoding.PEM) for link in chain)


def _new_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


SERVER_KEY = _new_key()
"""One key for all servers: making keys is slow, and nothing but a TLSA record looks at it."""


def tlsa(key: Key = SERVER_KEY) -> str:
    """The record that promises this key of a server: DANE-EE, the key, SHA-256 (RFC 7671, section 5.1)."""
    encoded = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"3 1 1 {hashlib.sha256(encoded).hexdigest()}"


def _name(common_name: str, organisation: str | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organisation:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(attributes)


def _builder(subject: x509.Name, key: Key, issuer: x509.Name, issuer_key: Key) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _authority(subject: x509.Name, key: Key, issuer: x509.Name, issuer_key: Key) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _builder(subject, key, issuer, issuer_key)
        .not_valid_before(now - timedelta(days=1000))
        .not_valid_after(now + timedelta(days=1000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(issuer_key, SHA256())
    )


def _server(
    key: Key, names: tuple[str, ...], certificate: Certificate, issuer: x509.Name, issuer_key: Key
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        _builder(_name(names[0]), key, issuer, issuer_key)
        .not_valid_before(now + timedelta(days=certificate.valid_from))
        .not_valid_after(now + timedelta(days=certificate.valid_until))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(issuer_key, SHA256())
    )
