import pytest

from checks.evidence.tls import Version
from checks.records import cipher_suites
from checks.records.client_hello import CODES, Offer, client_hello

RANDOM = bytes(range(64))
TLS = [version for version in Version if version is not Version.SSL2]


@pytest.mark.parametrize("version", TLS)
@pytest.mark.parametrize("host", ["a.fi", "good.test", f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 57}.fi"])
@pytest.mark.parametrize("ciphers", [cipher_suites.ALL, cipher_suites.BROKEN, cipher_suites.WEAK])
def test_hello_is_one_whole_record_of_a_length_that_no_server_hangs_on(
    version: Version, host: str, ciphers: tuple[int, ...]
) -> None:
    hello = client_hello(Offer(version, ciphers), host, RANDOM)
    assert hello[0] == 22
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    assert len(hello) - 5 not in range(256, 512)
    assert (host.encode() in hello) is (version is not Version.SSL3)


def test_only_the_modern_hello_names_its_version_in_an_extension() -> None:
    assert b"\x00\x2b\x00\x03\x02\x03\x04" in client_hello(Offer(Version.TLS13), "good.test", RANDOM)
    assert client_hello(Offer(Version.TLS11), "good.test", RANDOM)[9:11] == b"\x03\x02"
    assert client_hello(Offer(Version.SSL3), "good.test", RANDOM)[1:3] == b"\x03\x00"


def test_modern_hello_offers_the_groups_of_browsers_and_shares_no_key() -> None:
    hello = client_hello(Offer(Version.TLS13), "good.test", RANDOM)
    assert b"\x00\x0a\x00\x12\x00\x10\x11\xec\x00\x1d\x00\x17\x00\x18\x00\x19\x00\x1e\x01\x00\x01\x01" in hello
    assert b"\x00\x33\x00\x02\x00\x00" in hello
    assert b"\x11\xec" not in client_hello(Offer(Version.TLS12), "good.test", RANDOM)


def test_old_hellos_offer_what_shows_a_servers_age() -> None:
    hello = client_hello(Offer(Version.TLS12, (0x000A,)), "good.test", RANDOM)
    assert hello[43:51] == b"\x00\x00\x02\x00\x0a\x02\x01\x00"  # one cipher, and compression
    for extension in (b"\xff\x01\x00\x01\x00", b"\x00\x0f\x00\x01\x02", b"\x00\x17\x00\x00"):
        assert extension in hello
        assert client_hello(Offer(Version.SSL3), "good.test", RANDOM).count(extension) == 0


def test_secure_renegotiation_is_offered_in_one_way() -> None:
    signal, extension = b"\x00\xff\x02\x01\x00", b"\xff\x01\x00\x01\x00"  # the last of the ciphers, compression
    oldest = client_hello(Offer(Version.SSL3, (0x000A,)), "good.test", RANDOM)
    assert oldest[43:].startswith(b"\x00\x00\x04\x00\x0a" + signal)
    for version in (Version.TLS10, Version.TLS11, Version.TLS12):
        hello = client_hello(Offer(version), "good.test", RANDOM)
        assert (hello.count(signal), hello.count(extension)) == (0, 1)


def test_hellos_offer_nothing_that_belongs_to_newer_versions() -> None:
    signatures, primes = b"\x00\x0d\x00\x28\x00\x26\x04\x03", b"\x01\x00\x01\x01"
    has = {
        version: (signatures in (hello := client_hello(Offer(version), "good.test", RANDOM)), primes in hello)
        for version in TLS[1:]
    }
    assert has == {
        Version.TLS10: (False, False),
        Version.TLS11: (False, False),
        Version.TLS12: (True, False),
        Version.TLS13: (True, True),
    }


def test_every_version_has_its_number() -> None:
    assert list(CODES) == list(Version)
    assert list(CODES.values()) == sorted(CODES.values())


def test_weak_ciphers_are_named_and_sorted() -> None:
    assert cipher_suites.name_of(0x000A) == "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
    assert cipher_suites.name_of(0xC02F) == "0xC02F"
    assert {cipher_suites.weakness_of(cipher) for cipher in cipher_suites.WEAK} == {
        cipher_suites.Weakness.DES,
        cipher_suites.Weakness.RC4,
        cipher_suites.Weakness.TRIPLE_DES,
    }
    strong = (*cipher_suites.FORWARD_SECRET, *cipher_suites.PLAIN, *cipher_suites.MODERN)
    assert [cipher for cipher in strong if cipher_suites.weakness_of(cipher)] == []


def test_no_cipher_is_named_twice() -> None:
    lists = (cipher_suites.FORWARD_SECRET, cipher_suites.PLAIN, cipher_suites.WEAK, cipher_suites.BROKEN)
    every = [cipher for each in lists for cipher in each]
    assert len(every) == len(set(every))
