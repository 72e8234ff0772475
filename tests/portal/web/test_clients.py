import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from portal.web.clients import address_behind

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8:1::/48"))


def test_without_a_trusted_proxy_the_header_is_not_believed() -> None:
    assert address_behind("192.0.2.7", ["198.51.100.1"], PROXIES) == "192.0.2.7"
    assert address_behind("192.0.2.7", ["198.51.100.1"], ()) == "192.0.2.7"


def test_behind_a_trusted_proxy_its_own_entry_counts() -> None:
    assert address_behind("10.0.0.1", ["198.51.100.1, 192.0.2.7"], PROXIES) == "192.0.2.7"


def test_behind_two_trusted_proxies_the_first_untrusted_counts() -> None:
    assert address_behind("10.0.0.1", ["198.51.100.1", "192.0.2.7, 10.0.0.2"], PROXIES) == "192.0.2.7"
    assert address_behind("2001:db8:1::1", ["2001:db8:2::7"], PROXIES) == "2001:db8:2::7"


def test_proxy_by_its_mapped_address_is_trusted() -> None:
    assert address_behind("::ffff:10.0.0.1", ["192.0.2.7"], PROXIES) == "192.0.2.7"


def test_malformed_entry_ends_the_search() -> None:
    assert address_behind("10.0.0.1", ["192.0.2.7, unknown"], PROXIES) == "10.0.0.1"


@given(st.lists(st.one_of(st.ip_addresses().map(str), st.text(max_size=20)), max_size=5))
def test_whatever_a_client_claims_the_proxy_tells_who_it_is(claimed: list[str]) -> None:
    assert address_behind("10.0.0.1", [*claimed, "192.0.2.7"], PROXIES) == "192.0.2.7"
