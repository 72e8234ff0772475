import dns.dnssec
import dns.name
import dns.rdtypes.ANY.DNSKEY
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from checks.records.zone_keys import Voucher, ZoneKey, entry_keys

KEYS = [
    dns.dnssec.make_dnskey(ec.generate_private_key(ec.SECP256R1()).public_key(), 13, 257),
    dns.dnssec.make_dnskey(ec.generate_private_key(ec.SECP384R1()).public_key(), 14, 256),
    dns.dnssec.make_dnskey(ed25519.Ed25519PrivateKey.generate().public_key(), 15, 385),
    dns.dnssec.make_dnskey(rsa.generate_private_key(65537, 2048).public_key(), 8, 257),
]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.algorithm.name)
def test_tag_and_voucher_are_those_of_an_independent_library(key: dns.rdtypes.ANY.DNSKEY.DNSKEY) -> None:
    ours = ZoneKey.parse(str(key))
    assert (ours.flags, ours.algorithm, ours.tag) == (key.flags, key.algorithm, dns.dnssec.key_id(key))
    assert ours.voucher("Firm.fi") == str(dns.dnssec.make_ds(dns.name.from_text("firm.fi"), key, "SHA256"))


@pytest.mark.parametrize("text", ["", "257 3 13", "257 3 13 ???", "70000 3 13 AAAA", "x 3 13 AAAA", "257 3 300 AAAA"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        ZoneKey.parse(text)


def test_entry_keys_leave_out_the_revoked_and_the_zone_signing() -> None:
    entry, signing, revoked = ZoneKey(257, 13, b"e"), ZoneKey(256, 13, b"s"), ZoneKey(385, 13, b"r")
    assert entry_keys([signing, revoked, entry]) == [entry]
    assert entry_keys([signing, revoked]) == [signing]
    assert entry_keys([ZoneKey(1, 13, b"no zone key")]) == []


@pytest.mark.parametrize(
    ("text", "current"),
    [
        ("2371 13 2 aabb", True),
        ("2371 8 4 aabb", True),
        ("2371 5 2 aabb", False),
        ("2371 7 2 aabb", False),
        ("2371 13 1 aabb", False),
        ("2371 12 3 aabb", False),
    ],
)
def test_voucher_is_current(text: str, current: bool) -> None:  # noqa: FBT001 - an expected value
    assert Voucher.parse(text).current is current
