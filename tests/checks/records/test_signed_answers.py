from datetime import timedelta

import pytest

from checks.evidence.lookups import Answer
from checks.records.signed_answers import holds
from tests.checks.signed_zone import NOW, SignedZone, changed, unsigned

ZONE = SignedZone()
OTHER = SignedZone()
EXPIRED = SignedZone(days=-1)
SOA, A, MX, KEYS = (ZONE.asked(rdtype) for rdtype in ("SOA", "A", "MX", "DNSKEY"))


@pytest.mark.parametrize("answer", [SOA, A, MX, KEYS], ids=lambda answer: answer.rdtype)
@pytest.mark.parametrize("digest", ["SHA1", "SHA256", "SHA384"])
def test_signature_holds(answer: Answer, digest: str) -> None:
    assert holds(answer, KEYS, ZONE.vouchers(digest), NOW)


@pytest.mark.parametrize(
    ("answer", "keys", "vouchers"),
    [
        (changed(A, "192.0.2.66"), KEYS, ZONE.vouchers()),
        (changed(MX, "10 mail.evil.example."), KEYS, ZONE.vouchers()),
        (unsigned(A), KEYS, ZONE.vouchers()),
        (A, unsigned(KEYS), ZONE.vouchers()),
        (A, KEYS, OTHER.vouchers()),
        (A, OTHER.asked("DNSKEY"), OTHER.vouchers()),
        (A, OTHER.asked("DNSKEY"), ZONE.vouchers()),
        (A, KEYS, changed(ZONE.vouchers(), "1 13 2 ab", "1 13 9 ab")),
        (EXPIRED.asked("A"), EXPIRED.asked("DNSKEY"), EXPIRED.vouchers()),
    ],
    ids=[
        "other address",
        "other mail server",
        "no signature",
        "keys without signature",
        "parent vouches for another key",
        "signed by another key",
        "other keys",
        "parent vouches for nothing we know",
        "expired",
    ],
)
def test_signature_does_not_hold(answer: Answer, keys: Answer, vouchers: Answer) -> None:
    assert not holds(answer, keys, vouchers, NOW)


@pytest.mark.parametrize("days", [-8, 15])
def test_signature_holds_only_in_its_time(days: int) -> None:
    assert not holds(A, KEYS, ZONE.vouchers(), NOW + timedelta(days=days))
