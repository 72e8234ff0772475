import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import UnusableAddressError
from portal.mail_addresses import parse_mail_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@kahvila.fi", "anna@kahvila.fi"),
        (" Anna.Virtanen+kyber@Kahvila.FI\n", "Anna.Virtanen+kyber@kahvila.fi"),
        ("anna@kahvila-ä.fi", "anna@xn--kahvila--7za.fi"),
        ("a" * 64 + "@kahvila.fi", "a" * 64 + "@kahvila.fi"),
        ("o'neil_1@mail.example.org", "o'neil_1@mail.example.org"),
    ],
)
def test_address_is_taken_as_people_type_it(typed: str, meant: str) -> None:
    assert parse_mail_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "anna@",
        "@kahvila.fi",
        "anna@kahvila",
        "anna@192.0.2.1",
        "anna@[192.0.2.1]",
        "anna@https://kahvila.fi/",
        "anna@kahvila.fi:25",
        "anna@@kahvila.fi",
        "anna@kahvila.fi, berta@kahvila.fi",
        "Anna <anna@kahvila.fi>",
        "<anna@kahvila.fi>",
        "mailto:anna@kahvila.fi",
        '"anna berta"@kahvila.fi',
        "anna..b@kahvila.fi",
        ".anna@kahvila.fi",
        "anna@kahvila.fi\r\nBcc: berta@kahvila.fi",
        "anna\r\nBcc: berta@kahvila.fi",
        "anna\u2028@kahvila.fi",
        "anna\x00@kahvila.fi",
        "\u202eanna@kahvila.fi",
        "anna@kah\u200fvila.fi",
        "anna\u00a0b@kahvila.fi",
        "a" * 65 + "@kahvila.fi",
        "anna@" + "a" * 60 + ".a" * 100 + ".fi",
        "a" * 10_000 + "@kahvila.fi",
    ],
)
def test_what_is_no_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(UnusableAddressError, match=r"^not-an-address$"):
        parse_mail_address(typed)


@pytest.mark.parametrize("typed", ["päivi@kahvila.fi", "pa\u0308ivi.b@kahvila.fi", "анна@kahvila.fi"])
def test_address_that_few_servers_take_is_refused_for_that_reason(typed: str) -> None:
    with pytest.raises(UnusableAddressError, match=r"^special-letters$"):
        parse_mail_address(typed)


@pytest.mark.parametrize("typed", ["", "  \t\n"])
def test_nothing_is_no_address(typed: str) -> None:
    with pytest.raises(UnusableAddressError, match=r"^no-address$"):
        parse_mail_address(typed)


@given(st.text(max_size=300) | st.tuples(st.text(), st.text()).map("@".join) | st.text().map("{}@kahvila.fi".format))
def test_whatever_is_taken_can_end_no_line_and_no_command(typed: str) -> None:
    try:
        address = parse_mail_address(typed)
    except UnusableAddressError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' <>,;:"\\()')
    assert len(address) <= 254
