"""Certificates as tests want them, made by the real library."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

NOW = datetime.now(UTC).replace(microsecond=0)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def distinguished(common_name: str, organization: str | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def write(self, directory: Path, *chain: "Issued") -> tuple[Path, Path]:
        """The chain's and the key's file, as servers want them."""
        chain_file, key_file = directory / "chain.pem", directory / "key.pem"
        chain_file.write_bytes(b"".join(each.pem for each in (self, *chain)))
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key_file.write_bytes(pem)
        return chain_file, key_file


@dataclass(frozen=True)
class Wanted:
    """What to issue; the default is a good leaf. `days`: first and last day from now."""

    names: tuple[str, ...] = ("good.test",)
    common_name: str = "leaf"
    days: tuple[float, float] = (-30, 60)
    ca: bool | None = None
    usages: tuple[ObjectIdentifier, ...] = ()
    extensions: tuple[x509.ExtensionType, ...] = ()
    key: Key | None = field(default=None, hash=False)


def issue(wanted: Wanted, issuer: Issued | None = None, organization: str | None = None) -> Issued:
    """A certificate by that issuer, or by itself."""
    key = wanted.key or new_key()
    subject = distinguished(wanted.common_name, organization)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=wanted.days[0]))
        .not_valid_after(NOW + timedelta(days=wanted.days[1]))
    )
    for extension in _extensions(wanted):
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return Issued(builder.sign((issuer.key if issuer else key), SHA256()), key)


def _extensions(wanted: Wanted) -> Sequence[x509.ExtensionType]:
    found: list[x509.ExtensionType] = [*wanted.extensions]
    if wanted.ca is not None:
        found.append(x509.BasicConstraints(wanted.ca, None))
    elif wanted.names:
        found.append(x509.SubjectAlternativeName([x509.DNSName(name) for name in wanted.names]))
    if wanted.usages:
        found.append(x509.ExtendedKeyUsage(wanted.usages))
    return found


def authority(name: str, issuer: Issued | None = None, days: tuple[float, float] = (-1000, 1000)) -> Issued:
    """An authority of its own, or below another."""
    return issue(Wanted(common_name=name, ca=True, days=days), issuer, organization=f"{name} Ltd")
