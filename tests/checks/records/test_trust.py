from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from cryptography.x509.verification import Store
from hypothesis import given
from hypothesis import strategies as st

from checks.evidence.tls import Trust
from checks.records.certificates import describe, is_publicly_logged, load, load_all
from checks.records.trust import Anchors, is_anchor, trust_of
from tests.checks.making import NOW, Issued, Wanted, authority, issue
from tests.farm.authority import signed_over_sha1

ROOT = authority("Known Root")
INTERMEDIATE = authority("Known Intermediate", ROOT)
STRANGER = authority("Strange Root")
STRANGE_INTERMEDIATE = authority("Strange Intermediate", STRANGER)
GOOD = issue(Wanted(), INTERMEDIATE)
ANCHORS = Anchors((ROOT.certificate,), Store([ROOT.certificate]))
# Its value is never read: it is the promise of a public log that tells a public authority's certificate.
LOGGED = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), b"\x04\x02\x00\x00")


def trust(*chain: Issued, anchors: Anchors = ANCHORS) -> Trust:
    return trust_of([each.certificate for each in chain], anchors, NOW)


def test_full_chain_is_trusted() -> None:
    assert trust(GOOD, INTERMEDIATE) is Trust.TRUSTED


def test_chain_with_its_root_and_out_of_order_is_trusted() -> None:
    assert trust(GOOD, ROOT, STRANGER, INTERMEDIATE, INTERMEDIATE) is Trust.TRUSTED


@pytest.mark.parametrize("days", [(-60, -1), (3, 60)], ids=["expired", "not yet valid"])
def test_dates_of_the_leaf_are_another_finding(days: tuple[float, float]) -> None:
    assert trust(issue(Wanted(days=days), INTERMEDIATE), INTERMEDIATE) is Trust.TRUSTED


def test_leaf_that_expired_before_its_intermediate_began_is_not_followed() -> None:
    young = authority("Young", ROOT, days=(-10, 100))
    assert trust(issue(Wanted(days=(-60, -30)), young), young) is Trust.INCOMPLETE


def test_names_of_the_leaf_are_another_finding() -> None:
    assert trust(issue(Wanted(names=()), INTERMEDIATE), INTERMEDIATE) is Trust.TRUSTED


def test_weak_key_of_the_leaf_is_another_finding() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak is meant
    assert trust(issue(Wanted(key=weak), INTERMEDIATE), INTERMEDIATE) is Trust.TRUSTED


RSA_ROOT = issue(Wanted(common_name="Old Root", ca=True, days=(-1000, 1000), key=rsa.generate_private_key(65537, 2048)))
RSA_ANCHORS = Anchors((RSA_ROOT.certificate,), Store([RSA_ROOT.certificate]))


def old(issued: Issued, issuer: Issued) -> Issued:
    """The same certificate, signed over SHA-1."""
    return Issued(signed_over_sha1(issued.certificate, issuer.key), issued.key)


def test_old_signature_is_another_finding() -> None:
    assert trust(old(issue(Wanted(), RSA_ROOT), RSA_ROOT), anchors=RSA_ANCHORS) is Trust.TRUSTED


def test_old_signature_or_short_key_of_an_intermediate_is_another_finding() -> None:
    aged = old(authority("Aged", RSA_ROOT), RSA_ROOT)
    assert trust(issue(Wanted(), aged), aged, anchors=RSA_ANCHORS) is Trust.TRUSTED
    short_key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak is meant
    short = issue(Wanted(common_name="Short", ca=True, key=short_key, days=(-1000, 1000)), ROOT)
    assert trust(issue(Wanted(), short), short) is Trust.TRUSTED


def test_old_signature_must_be_right_all_the_same() -> None:
    other = issue(Wanted(common_name="Old Root", ca=True, key=rsa.generate_private_key(65537, 2048)))
    forged = old(issue(Wanted(), other), other)
    assert trust(forged, anchors=RSA_ANCHORS) is Trust.INCOMPLETE


def test_old_signature_excuses_no_server_that_signs() -> None:
    server = old(issue(Wanted(common_name="Server"), RSA_ROOT), RSA_ROOT)
    assert trust(issue(Wanted(), server), server, anchors=RSA_ANCHORS) is Trust.UNCLEAR


def test_authority_that_another_signed_as_well_is_known_by_its_name_and_key() -> None:
    crossed = old(issue(Wanted(common_name="Known Root", ca=True, key=ROOT.key), RSA_ROOT, "Known Root Ltd"), RSA_ROOT)
    assert is_anchor(crossed.certificate, ANCHORS)
    assert not is_anchor(INTERMEDIATE.certificate, ANCHORS)


def test_intermediate_for_servers_only_is_trusted() -> None:
    narrow = issue(Wanted(common_name="Narrow", ca=True, usages=(ExtendedKeyUsageOID.SERVER_AUTH,)), ROOT)
    assert trust(issue(Wanted(usages=(ExtendedKeyUsageOID.SERVER_AUTH,)), narrow), narrow) is Trust.TRUSTED


def test_self_signed() -> None:
    assert trust(issue(Wanted())) is Trust.SELF_SIGNED


def test_self_signed_with_a_known_chain_beside_it() -> None:
    assert trust(issue(Wanted()), INTERMEDIATE, ROOT) is Trust.SELF_SIGNED


def test_self_signed_in_the_operators_own_store_is_trusted() -> None:
    own = issue(Wanted())
    assert trust(own, anchors=Anchors((own.certificate,), Store([own.certificate]))) is Trust.TRUSTED


def test_unknown_authority_that_sends_its_root() -> None:
    leaf = issue(Wanted(), STRANGE_INTERMEDIATE)
    assert trust(leaf, STRANGE_INTERMEDIATE, STRANGER) is Trust.UNKNOWN_AUTHORITY


def test_unknown_authority_that_keeps_its_root() -> None:
    assert trust(issue(Wanted(), STRANGE_INTERMEDIATE), STRANGE_INTERMEDIATE) is Trust.UNKNOWN_AUTHORITY


def test_false_root_of_the_same_name_is_unknown() -> None:
    false = authority("Known Root")
    assert trust(issue(Wanted(), false), false) is Trust.UNKNOWN_AUTHORITY


def test_missing_intermediate() -> None:
    assert trust(GOOD) is Trust.INCOMPLETE


def test_missing_intermediate_with_another_in_its_place() -> None:
    assert trust(GOOD, STRANGE_INTERMEDIATE) is Trust.INCOMPLETE


def test_missing_second_intermediate_of_a_public_authority() -> None:
    upper = authority("Upper", ROOT)
    lower = authority("Lower", upper)
    assert trust(issue(Wanted(extensions=(LOGGED,)), lower), lower) is Trust.INCOMPLETE


def test_expired_intermediate() -> None:
    old = authority("Old", ROOT, days=(-900, -1))
    assert trust(issue(Wanted(), old), old) is Trust.INCOMPLETE


def test_expired_intermediate_beside_its_successor_is_trusted() -> None:
    old = authority("Renewed", ROOT, days=(-900, -1))
    new = issue(Wanted(common_name="Renewed", ca=True, key=old.key), ROOT, organization="Renewed Ltd")
    assert trust(issue(Wanted(), old), old, new) is Trust.TRUSTED


def test_issuer_that_is_no_authority_is_unclear() -> None:
    neighbour = issue(Wanted(common_name="neighbour", ca=False), ROOT)
    assert trust(issue(Wanted(), neighbour), neighbour) is Trust.UNCLEAR


def test_certificate_for_something_else_than_servers_is_unclear() -> None:
    signing = issue(Wanted(usages=(ExtendedKeyUsageOID.CODE_SIGNING,)), INTERMEDIATE)
    assert trust(signing, INTERMEDIATE) is Trust.UNCLEAR


def test_no_certificate_and_no_authorities_are_unclear() -> None:
    assert trust() is Trust.UNCLEAR
    assert trust(GOOD, INTERMEDIATE, anchors=Anchors((), None)) is Trust.UNCLEAR


def test_endless_chain_is_followed_no_further_than_ten() -> None:
    chain = [authority("0", ROOT)]
    for number in range(1, 15):
        chain.append(authority(str(number), chain[-1]))
    assert trust(issue(Wanted(), chain[-1]), *reversed(chain)) is Trust.UNKNOWN_AUTHORITY


@given(st.data())
def test_mutated_certificates_never_raise(data: st.DataObject) -> None:
    ders = []
    for each in (GOOD, INTERMEDIATE):
        der = bytearray(each.der)
        for _ in range(data.draw(st.integers(0, 4))):
            der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
        ders.append(bytes(der))
    loaded = load_all(ders)
    for certificate, der in zip(loaded, ders, strict=False):
        described = describe(certificate, der)
        assert described is None or described.der == der
    assert trust_of(loaded, ANCHORS, NOW) in Trust


def test_description() -> None:
    leaf = issue(Wanted(names=("Good.test", "*.good.test")), INTERMEDIATE)
    described = describe(leaf.certificate, leaf.der)
    assert described is not None
    assert described.names == ("good.test", "*.good.test")
    assert described.authority == "Known Intermediate Ltd"
    assert described.subject == "CN=leaf"
    assert described.not_after == NOW + timedelta(days=60)


def test_public_log_promises_are_seen() -> None:
    assert is_publicly_logged(issue(Wanted(extensions=(LOGGED,)), INTERMEDIATE).certificate)
    assert not is_publicly_logged(GOOD.certificate)


def test_bytes_that_are_no_certificate() -> None:
    assert load(b"") is None
    assert load_all([b"nonsense", GOOD.der]) == (GOOD.certificate,)
