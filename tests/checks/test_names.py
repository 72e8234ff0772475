import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.errors import UnusableDomainError
from checks.names import display_name, enclosing_names, parse_domain


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("firm.fi", "firm.fi"),
        ("  Firm.FI.\n", "firm.fi"),
        ("https://www.firm.fi/contact?x=1#top", "www.firm.fi"),
        ("HTTP://user:secret@firm.fi:8080/", "firm.fi"),
        ("firm.fi/kontakt", "firm.fi"),
        ("firm.fi:443", "firm.fi"),
        ("info@firm.fi", "firm.fi"),
        ("Kahvila-Ö.fi", "xn--kahvila--u4a.fi"),
        ("kahvila-o\u0308.fi", "xn--kahvila--u4a.fi"),
        ("XN--kahvila--u4a.fi", "xn--kahvila--u4a.fi"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("ｆｉｒｍ．ｆｉ", "firm.fi"),
        ("_dmarc.firm.fi", "_dmarc.firm.fi"),
        ("1and1.example", "1and1.example"),
        ("1.2.3.4.example", "1.2.3.4.example"),
        ("a" * 63 + ".fi", "a" * 63 + ".fi"),
    ],
)
def test_what_people_type_becomes_one_form(typed: str, domain: str) -> None:
    assert parse_domain(typed) == domain
    assert parse_domain(domain) == domain


@pytest.mark.parametrize(
    "typed",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "0x7f.0x1",
        "0177.0.0.1",
        "1.2.3",
        "①②⑦.0.0.1",
        "１２７．０．０．１",
        "127。0。0。1",
        "::1",
        "[::1]",
        "http://[::1]:80/",
        "http://127.0.0.1/",
        "https://user@10.0.0.1:8443/x",
        "root@10.0.0.1",
        "10.0.0.0/8",
        "10.0.0.1:22",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "firm.0x7f",
    ],
)
def test_address_in_any_spelling_is_no_domain(typed: str) -> None:
    with pytest.raises(UnusableDomainError) as raised:
        parse_domain(typed)
    assert (raised.value.code, raised.value.text) == ("ip-address", typed)


@pytest.mark.parametrize("typed", ["localhost", "fi", "fi.", "2130706433", "0x7f000001", "http://intranet/", "ö"])
def test_single_label_is_no_domain(typed: str) -> None:
    with pytest.raises(UnusableDomainError) as raised:
        parse_domain(typed)
    assert raised.value.code == "single-label"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        ".",
        "..",
        ".fi",
        "a..fi",
        "-firm.fi",
        "firm-.fi",
        "fi rm.fi",
        "firm,fi",
        "firm.fi; rm -rf /",
        "firm.fi -oN /etc/passwd",
        "$(id).fi",
        "firm.fi\x00.evil.example",
        "firm\r\n.fi",
        "firm\x1b[31m.fi",
        "firm\u202egro.fi",
        "firm\u200b.fi",
        "\ud800.fi",
        "😀.fi",
        "xn--.fi",
        "xn--ls8h.la",
        "xn--firm-.fi",
        "a" * 64 + ".fi",
        "ö" * 60 + ".fi",
        "a." * 126 + "fi",
        "a" * 300 + ".fi",
        "firm.fi" + " " * 10 + "x" * 300,
        "javascript:alert(1)",
        "ftp://firm.fi/",
        "file:///etc/passwd",
        "http://",
        "https:///firm.fi",
    ],
)
def test_anything_else_is_not_a_domain(typed: str) -> None:
    with pytest.raises(UnusableDomainError) as raised:
        parse_domain(typed)
    assert raised.value.code == "not-a-domain"


def code_of(typed: str) -> str | None:
    """The code of the refusal; None where the text is a domain, and then its form is the canonical one."""
    try:
        domain = parse_domain(typed)
    except UnusableDomainError as error:
        return error.code
    assert parse_domain(domain) == domain
    assert domain == domain.lower()
    assert domain.isascii()
    assert len(domain) <= 253
    return None


@given(st.text(max_size=310))
def test_any_text_gives_a_canonical_name_or_one_error(typed: str) -> None:
    assert code_of(typed) in {None, "not-a-domain", "ip-address", "single-label"}


@given(st.from_regex(r"[a-zA-Z0-9äöåÄÖÅß０１２.。@:/\[\]%_-]{1,40}", fullmatch=True))
def test_any_likely_text_gives_a_canonical_name_or_one_error(typed: str) -> None:
    assert code_of(typed) in {None, "not-a-domain", "ip-address", "single-label"}


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("xn--kahvila--u4a.fi", "kahvila-ö.fi"),
        ("firm.fi", "firm.fi"),
        ("xn--ls8h.la", "xn--ls8h.la"),
        ("_dmarc.firm.fi", "_dmarc.firm.fi"),
    ],
)
def test_shown_as_its_owner_reads_it(domain: str, shown: str) -> None:
    assert display_name(domain) == shown


@pytest.mark.parametrize(
    ("domain", "names"),
    [("firm.fi", []), ("shop.firm.fi", ["firm.fi"]), ("a.b.firm.co.uk", ["b.firm.co.uk", "firm.co.uk", "co.uk"])],
)
def test_enclosing_names_stop_before_the_top(domain: str, names: list[str]) -> None:
    assert enclosing_names(domain) == names
