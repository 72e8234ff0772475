"""The farm's certificate authority: a root that the checks are told to trust, and an intermediate that signs."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FARM = "Let's Encrypt"
"""Whom the farm's authority passes for: the one that the good domain's CAA record names."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_SHA256_WITH_RSA = bytes.fromhex("2a864886f70d01010b")
_SHA1_WITH_RSA = bytes.fromhex("2a864886f70d010105")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a site's certificate is like; the default is a good one.

    `issuer`: `farm` (trusted), `stranger` (an authority that nobody knows) or `self`. `names`: other names than
    the site's own. `valid_from` and `valid_until`: days from now. `rsa`: the size of its RSA
    key; 0 for an ECDSA key. `old_signature`: its issuer signed over SHA-1.
    """

    issuer: str = "farm"
    names: tuple[str, ...] = ()
    with_intermediate: bool = True
    valid_from: float = -30
    valid_until: float = 60
    rsa: int = 0
    old_signature: bool = False


class Issuer:
    """A root and the intermediate below it; `rsa`: the size of the intermediate's RSA key, 0 for an ECDSA key."""

    def __init__(self, name: str, rsa: int = 0) -> None:
        self._name = name
        self._root_key, self._intermediate_key = _new_key(), _new_key(rsa)

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
        """A server's certificate. Signing over SHA-1 takes an intermediate with an RSA key."""
        signed = _server(key, names, certificate, self.intermediate.subject, self._intermediate_key)
        return signed_over_sha1(signed, self._intermediate_key) if certificate.old_signature else signed


class Authority:
    """Makes the certificates of all sites."""

    def __init__(self) -> None:
        self._issuers = {"farm": Issuer(FARM), "farm-rsa": Issuer(FARM, rsa=2048), "stranger": Issuer("Stranger")}

    @property
    def root_pem(self) -> bytes:
        """What SSL_CERT_FILE points to."""
        trusted = (self._issuers["farm"], self._issuers["farm-rsa"])
        return b"".join(issuer.root.public_bytes(Encoding.PEM) for issuer in trusted)

    @property
    def key_pem(self) -> bytes:
        """The private key of most servers."""
        return self.key_pem_of(Certificate())

    def key_pem_of(self, certificate: Certificate) -> bytes:
        """The private key to that certificate."""
        return server_key(certificate.rsa).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def chain_pem(self, names: tuple[str, ...], certificate: Certificate) -> bytes:
        """What a server with one of these names sends: its certificate, and the intermediate where it should."""
        names = certificate.names or names
        key = server_key(certificate.rsa)
        if certificate.issuer == "self":
            own = _server(key, names, certificate, _name(names[0]), key)
            return own.public_bytes(Encoding.PEM)
        issuer = self._issuers[certificate.issuer]
        chain = [issuer.sign(key, names, certificate)]
        if certificate.with_intermediate:
            chain.append(issuer.intermediate)
        return b"".join(link.public_bytes(Encoding.PEM) for link in chain)


def _new_key(bits: int = 0) -> Key:
    return rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())


@cache
def server_key(bits: int) -> Key:
    """One key of each size for all servers: making keys is slow. `bits`: of an RSA key; 0 for an ECDSA key."""
    return _new_key(bits)


SERVER_KEY = server_key(0)
"""The key of most servers: nothing but a TLSA record looks at it."""


def signed_over_sha1(certificate: x509.Certificate, key: Key) -> x509.Certificate:
    """The same certificate, signed by that RSA key as authorities did until 2016; the library only does SHA-2."""
    assert isinstance(key, rsa.RSAPrivateKey)
    text = certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
    der = certificate.public_bytes(Encoding.DER)
    der = der.replace(certificate.tbs_certificate_bytes, text).replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
    signature = key.sign(text, PKCS1v15(), SHA1())  # noqa: S303 - old is meant
    return x509.load_der_x509_certificate(der.replace(certificate.signature, signature))


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
