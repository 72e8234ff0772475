import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.addresses import AddressGuard, is_public
from checks.errors import AddressNotPublicError

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "169.253.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "168.63.129.15",
    "2001:4860:4860::8888",
    "2001:200::1",
    "2a00:1450:4001::1",
    "2606:4700::1111",
]

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - nothing is bound here
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.1.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_unicast_is_let_through(text: str) -> None:
    assert AddressGuard().vet(text).text == text


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(AddressNotPublicError) as raised:
        AddressGuard().vet(text)
    assert raised.value.address == text


@pytest.mark.parametrize(
    "text",
    ["", "firm.fi", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "8.8.8.8/32", "8.8.8.8:53", " 8.8.8.8", "[::1]"],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(AddressNotPublicError):
        AddressGuard().vet(text)


@pytest.mark.parametrize("text", ["2a00:1450::1%eth0", "fe80::1%1"])
def test_zone_is_refused_even_where_allowed(text: str) -> None:
    with pytest.raises(AddressNotPublicError):
        AddressGuard.allowing(["::/0"]).vet(text)


def test_operator_may_allow_a_network_and_no_more() -> None:
    guard = AddressGuard.allowing(["198.18.0.0/15", "fd00::/8"])
    assert [guard.vet(text).text for text in ("198.18.1.1", "fd00::1", "8.8.8.8")] == [
        "198.18.1.1",
        "fd00::1",
        "8.8.8.8",
    ]
    for text in ("198.20.0.0.1", "10.0.0.1", "::ffff:198.18.1.1", "fe80::1"):
        with pytest.raises(AddressNotPublicError):
            guard.vet(text)


@pytest.mark.parametrize("text", ["198.18.0.1/15", "firm.fi", ""])
def test_malformed_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        AddressGuard.allowing([text])


def test_address_is_written_in_its_one_form() -> None:
    vetted = AddressGuard().vet("2A00:1450:0000:0000:0000:0000:0000:0001")
    assert (vetted.text, vetted.is_ipv6, AddressGuard().vet("8.8.8.8").is_ipv6) == ("2a00:1450::1", True, False)


@given(st.ip_addresses())
def test_guard_is_never_laxer_than_the_standard_library(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
