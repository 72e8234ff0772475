from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from checks.evidence.tls import PublicKey
from checks.records.certificates import describe, is_short, is_weak, load, public_key, signature_hash
from tests.checks.making import NOW, Wanted, distinguished, issue
from tests.farm.authority import signed_over_sha1

KEYS: dict[tuple[str, int], CertificateIssuerPrivateKeyTypes] = {
    ("RSA", 1024): rsa.generate_private_key(65537, 1024),  # noqa: S505 - weak is meant
    ("RSA", 2048): rsa.generate_private_key(65537, 2048),
    ("ECDSA", 192): ec.generate_private_key(ec.SECP192R1()),
    ("ECDSA", 384): ec.generate_private_key(ec.SECP384R1()),
    ("DSA", 1024): dsa.generate_private_key(1024),  # noqa: S505 - weak is meant
    ("Ed25519", 256): ed25519.Ed25519PrivateKey.generate(),
    ("Ed448", 456): ed448.Ed448PrivateKey.generate(),
}


def signed_by_itself(key: CertificateIssuerPrivateKeyTypes) -> x509.Certificate:
    name = distinguished("self")
    hashed = None if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else SHA256()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, hashed)


@pytest.mark.parametrize("named", KEYS, ids=str)
def test_keys_of_every_kind_are_seen(named: tuple[str, int]) -> None:
    certificate = signed_by_itself(KEYS[named])
    key = public_key(certificate)
    assert key is not None
    assert (key.kind, key.bits) == named
    assert is_weak(certificate) is is_short(key) is (named[1] in {192, 1024})


def test_equal_keys_have_equal_digests() -> None:
    first, second = (public_key(signed_by_itself(KEYS["RSA", 2048])) for _ in range(2))
    assert first == second
    assert first != public_key(signed_by_itself(KEYS["ECDSA", 384]))


def test_signatures_are_named_by_their_hash() -> None:
    certificate = signed_by_itself(KEYS["RSA", 2048])
    old = signed_over_sha1(certificate, KEYS["RSA", 2048])
    assert (signature_hash(certificate), signature_hash(old)) == ("SHA256", "SHA1")
    assert is_weak(old)
    assert signature_hash(signed_by_itself(KEYS["Ed25519", 256])) is None


def test_key_that_the_library_cannot_read_is_none() -> None:
    der = signed_by_itself(KEYS["ECDSA", 384]).public_bytes(Encoding.DER)
    strange = load(der.replace(bytes.fromhex("2b81040022"), bytes.fromhex("2b8104001f")))  # secp192k1's number
    assert strange is not None
    assert public_key(strange) is None
    assert not is_weak(strange)


def test_description_has_key_and_signature() -> None:
    issued = issue(Wanted())
    described = describe(issued.certificate, issued.der, trusted=True)
    assert described is not None
    assert described.key == public_key(issued.certificate)
    assert (described.hash, described.trusted, described.self_signed) == ("SHA256", True, True)


def test_short_keys() -> None:
    assert is_short(PublicKey("RSA", 512, ""))
    assert not is_short(PublicKey("ECDSA", 224, ""))
