import pytest
from msgspec.structs import replace

from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Certificate, Handshake, HandshakeEnd, PublicKey, Trust
from checks.evidence.web import Visit
from checks.tls.key import CHECK
from tests.checks.making import Wanted, issue
from tests.checks.seen import (
    ADDRESS,
    AUTHORITY,
    OTHER_ADDRESS,
    REFUSED,
    door,
    handshake,
    host,
    judged,
    outcome,
    page,
    secure,
)

GOOD = handshake()
(LEAF,) = GOOD.chain
INTERMEDIATE = replace(LEAF, subject=LEAF.issuer, issuer="CN=Root")
ROOT = replace(LEAF, subject="CN=Root", issuer="CN=Root")


def shown(*chain: Certificate) -> Visit:
    return secure(Handshake(HandshakeEnd.OK, "TLSv1.3", "x", chain, Trust.TRUSTED))


def of(*chain: Certificate) -> str:
    return outcome(CHECK, door(https=shown(*chain)))


@pytest.mark.parametrize(
    ("kind", "bits", "expected"),
    [
        ("RSA", 2048, "strong"),
        ("RSA", 2047, "short-key"),
        ("RSA", 512, "short-key"),
        ("ECDSA", 256, "strong"),
        ("ECDSA", 224, "strong"),
        ("ECDSA", 192, "short-key"),
        ("DSA", 2048, "short-key"),
        ("Ed25519", 256, "strong"),
        ("Ed448", 456, "strong"),
    ],
)
def test_keys(kind: str, bits: int, expected: str) -> None:
    key = PublicKey(kind, bits, "")
    assert of(replace(LEAF, key=key)) == expected
    assert of(LEAF, replace(INTERMEDIATE, key=key), ROOT) == expected
    assert of(LEAF, INTERMEDIATE, replace(ROOT, key=key)) == "strong"


@pytest.mark.parametrize(
    ("used", "expected"),
    [("SHA256", "strong"), ("SHA1", "old-signature"), ("MD5", "old-signature"), (None, "strong")],
)
def test_signatures(used: str | None, expected: str) -> None:
    assert of(replace(LEAF, hash=used)) == expected
    assert of(LEAF, replace(INTERMEDIATE, hash=used), ROOT) == expected
    assert of(LEAF, INTERMEDIATE, replace(ROOT, hash=used)) == "strong"


def test_signature_on_what_stands_for_itself_says_nothing() -> None:
    assert of(replace(LEAF, issuer=LEAF.subject, hash="SHA1")) == "strong"
    assert of(LEAF, replace(INTERMEDIATE, hash="SHA1", trusted=True)) == "strong"


def test_certificate_that_nobody_relies_on_says_nothing() -> None:
    stray = replace(LEAF, subject="CN=Stray", issuer="CN=Elsewhere", hash="MD5", key=PublicKey("RSA", 512, ""))
    assert of(LEAF, stray, INTERMEDIATE, ROOT) == "strong"


def test_authorities_that_sign_each_other_end() -> None:
    assert (
        of(LEAF, replace(INTERMEDIATE, issuer="CN=Other"), replace(ROOT, subject="CN=Other", issuer=LEAF.issuer))
        == "strong"
    )


def test_facts() -> None:
    short = replace(LEAF, key=PublicKey("RSA", 1024, ""))
    (finding,) = judged(CHECK, [host(door(), door(https=shown(short), address=OTHER_ADDRESS))])
    assert finding.evidence == {
        "addresses": [OTHER_ADDRESS],
        "certificate": "CN=leaf",
        "key": "RSA 1024",
        "signature": "SHA256",
        "authority": "Known Root Ltd",
    }
    assert finding.severity is Severity.HIGH


def test_real_certificate_shows_its_key_and_signature() -> None:
    issued = issue(Wanted(), AUTHORITY)
    (finding,) = judged(CHECK, [host(door(https=secure(handshake(issued))))])
    assert (finding.outcome, finding.evidence["addresses"]) == ("strong", [ADDRESS])
    assert (finding.evidence["key"], finding.evidence["signature"]) == ("ECDSA 256", "SHA256")


def test_key_that_cannot_be_read_is_our_own_limit() -> None:
    assert of(replace(LEAF, key=None)) == "our-error"
    assert outcome(CHECK, door(https=Visit(Reach.OK, Handshake(HandshakeEnd.OK, "TLSv1.2")))) == "our-error"


def test_unseen() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
