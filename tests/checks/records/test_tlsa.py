import contextlib
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from checks.evidence.tls import Certificate
from checks.records.certificates import describe
from checks.records.tlsa import Tlsa, is_bare_key, keeps, key_of, promise_of
from tests.checks.making import NOW, Issued, Wanted, authority, issue

NAMES = {"mx.example.fi", "example.fi"}
ROOT = authority("Root")
MIDDLE = authority("Middle", ROOT)
LEAF = issue(Wanted(names=("mx.example.fi",)), MIDDLE)
OTHER = issue(Wanted(names=("mx.example.fi",)))


def described(*issued: Issued) -> tuple[Certificate, ...]:
    return tuple(found for one in issued if (found := describe(one.certificate, one.der)) is not None)


def key(issued: Issued) -> bytes:
    return issued.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def record(usage: int, selector: int, matching: int, issued: Issued) -> Tlsa:
    selected = key(issued) if selector else issued.der
    return Tlsa(usage, selector, matching, (bytes, digest("sha256"), digest("sha512"))[matching](selected))


def digest(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - bytes to bytes
    return lambda data: hashlib.new(name, data).digest()


CHAIN = described(LEAF, MIDDLE)


@pytest.mark.parametrize("matching", [0, 1, 2])
@pytest.mark.parametrize("selector", [0, 1])
def test_servers_own_certificate_is_promised_in_six_ways(selector: int, matching: int) -> None:
    assert keeps(record(3, selector, matching, LEAF), CHAIN, NAMES, NOW)
    assert not keeps(record(3, selector, matching, OTHER), CHAIN, NAMES, NOW)
    assert not keeps(record(3, selector, matching, MIDDLE), CHAIN, NAMES, NOW)


@pytest.mark.parametrize("matching", [0, 1, 2])
@pytest.mark.parametrize("selector", [0, 1])
def test_authority_above_the_server_is_promised_in_six_ways(selector: int, matching: int) -> None:
    assert keeps(record(2, selector, matching, MIDDLE), CHAIN, NAMES, NOW)
    assert not keeps(record(2, selector, matching, OTHER), CHAIN, NAMES, NOW)


def test_authority_that_was_not_served_counts_only_where_the_record_holds_it_whole() -> None:
    assert keeps(record(2, 0, 0, ROOT), CHAIN, NAMES, NOW)
    assert not keeps(record(2, 0, 1, ROOT), CHAIN, NAMES, NOW)
    assert is_bare_key(record(2, 1, 0, ROOT))
    assert not is_bare_key(record(2, 0, 0, ROOT))


def test_authority_that_did_not_sign_does_not_count_although_it_was_served() -> None:
    stranger = authority("Stranger")
    assert not keeps(record(2, 0, 1, stranger), described(LEAF, MIDDLE, stranger), NAMES, NOW)


def test_names_and_dates_count_below_an_authority_only() -> None:
    elsewhere = issue(Wanted(names=("elsewhere.test",)), MIDDLE)
    expired = issue(Wanted(names=("mx.example.fi",), days=(-30, -1)), MIDDLE)
    for leaf in (elsewhere, expired):
        assert keeps(record(3, 1, 1, leaf), described(leaf, MIDDLE), NAMES, NOW)
        assert not keeps(record(2, 1, 1, MIDDLE), described(leaf, MIDDLE), NAMES, NOW)


def test_expired_authority_counts_no_more() -> None:
    old = authority("Old", ROOT, days=(-100, -1))
    leaf = issue(Wanted(names=("mx.example.fi",)), old)
    assert not keeps(record(2, 1, 1, old), described(leaf, old), NAMES, NOW)


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("3 1 1 " + "ab" * 32, True),
        ("2 0 2 " + "ab" * 64, True),
        ("3 1 1 " + "ab" * 16 + " " + "ab" * 16, True),
        ("3 0 0 3082", True),
        ("0 1 1 " + "ab" * 32, False),
        ("1 1 1 " + "ab" * 32, False),
        ("255 1 1 " + "ab" * 32, False),
        ("3 2 1 " + "ab" * 32, False),
        ("3 1 3 " + "ab" * 32, False),
        ("3 1 1 " + "ab" * 31, False),
        ("3 1 2 " + "ab" * 32, False),
        ("3 1 0", False),
    ],
)
def test_which_records_mail_servers_can_use(text: str, usable: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert Tlsa.parse(text).usable is usable


@pytest.mark.parametrize("text", ["", "3 1", "3 1 1 xy", "a b c d"])
def test_text_that_is_no_record(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|int\(\)|hex"):
        Tlsa.parse(text)


def test_offered_record_is_kept_by_the_certificate_it_was_made_of() -> None:
    for issued in (LEAF, MIDDLE, OTHER):
        (one,) = described(issued)
        assert keeps(Tlsa.parse(promise_of(one)), (one,), NAMES, NOW)


def test_key_is_found_in_certificates_of_every_kind() -> None:
    rsa_key = rsa.generate_private_key(65537, 2048)
    for issued in (LEAF, MIDDLE, issue(Wanted(names=("ö.test".encode("idna").decode(),), key=rsa_key))):
        assert key_of(issued.der) == key(issued)


def test_key_of_a_certificate_without_a_version_is_found() -> None:
    """Version 1 leaves it out; the library does not make them, so the version is cut out of one."""
    before, _version, body = LEAF.certificate.tbs_certificate_bytes.partition(bytes.fromhex("a003020102"))
    assert len(before) < 5
    signed = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    assert key_of(b"\x30\x82" + len(signed).to_bytes(2, "big") + signed) == key(LEAF)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_certificate_have_no_key(noise: bytes) -> None:
    for der in (noise, LEAF.der[: len(noise)] + noise):
        with contextlib.suppress(ValueError):
            assert len(key_of(der)) <= len(der)
