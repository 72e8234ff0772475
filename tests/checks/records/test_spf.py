import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.spf import Directive, Modifier, is_spf, parse, parse_terms
from checks.records.spf_macros import SpfSyntaxError, parse_domain_spec, query_name

WORDS = (
    "a",
    "mx",
    "ptr",
    "all",
    "include",
    "exists",
    "redirect",
    "exp",
    "ip4",
    "ip6",
    "fi",
    "example",
    "192.0.2.1",
    "::1",
)
SIGNS = (":", "=", "/", "//", "24", "0", "%{", "}", "%", "d", "i", "r", "-", "+", "~", "?", ".", "ä", "_", "\x00", " ")
PIECES = st.sampled_from(WORDS + SIGNS)


def names(text: str) -> list[str]:
    return [term.name for term in parse(text).terms]


def test_terms_keep_order_qualifier_and_place() -> None:
    record = parse("v=spf1 +a -mx:mail.example.fi/24//64 ?include:%{d2}.example.fi  redirect=example.fi ")
    first, second, third, last = record.terms
    assert isinstance(second, Directive)
    assert (second.qualifier, second.name, second.prefix4, second.prefix6) == ("-", "mx", 24, 64)
    assert (first.text, first.position, third.position) == ("+a", 7, 37)
    assert isinstance(last, Modifier)
    assert last.target.text == "example.fi"
    assert record.redirect is last


def test_addresses_are_networks() -> None:
    terms = parse("v=spf1 ip4:192.0.2.9/24 ip6:2001:db8::1").terms
    networks = [term.network for term in terms if isinstance(term, Directive)]
    assert networks == [ipaddress.ip_network("192.0.2.0/24"), ipaddress.ip_network("2001:db8::1/128")]


def test_what_follows_all_is_parsed_but_never_evaluated() -> None:
    record = parse("v=spf1 a -all mx redirect=example.fi")
    assert len(record.terms) == 4
    assert [term.name for term in record.evaluated] == ["a", "all"]
    assert record.redirect is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("v=spf1", True), ("V=SpF1 a", True), ("v=spf1a", False), ("v=spf10", False), (" v=spf1", False), ("", False)],
)
def test_version_makes_the_record(text: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_spf(text) is expected


@pytest.mark.parametrize(
    ("term", "reason", "offset"),
    [
        ("foo", "unknown-term", 0),
        ("1up=x", "unknown-term", 0),
        ("all:example.fi", "unexpected-argument", 3),
        ("a:", "missing-domain", 2),
        ("include", "missing-domain", 7),
        ("exp=", "missing-domain", 4),
        ("a:localhost", "bad-domain", 2),
        ("a:192.0.2.1", "bad-domain", 10),
        ("a/33", "bad-prefix-length", 1),
        ("a//129", "bad-prefix-length", 1),
        ("a/024", "bad-prefix-length", 1),
        ("ptr/24", "unexpected-argument", 3),
        ("ip4:192.0.2", "bad-address", 4),
        ("ip4:2001:db8::1", "bad-address", 4),
        ("ip4", "bad-address", 3),
        ("ip4:192.0.2.1/33", "bad-prefix-length", 13),
        ("ip6:fe80::1%eth0", "bad-address", 4),
        ("exists:%{x}.example.fi", "bad-macro", 7),
        ("exists:%{d0}.example.fi", "bad-macro", 7),
        ("exists:a.%(d).example.fi", "bad-macro", 9),
        ("exists:%{c}.example.fi", "bad-macro", 7),
        ("mx:exämple.fi", "bad-character", 5),
        ("a\tmx", "bad-character", 1),
        ("foo=%", "bad-macro", 4),
    ],
)
def test_error_says_where_and_why(term: str, reason: str, offset: int) -> None:
    with pytest.raises(SpfSyntaxError) as caught:
        parse(f"v=spf1 mx {term} -all")
    assert (caught.value.reason, caught.value.term, caught.value.position) == (reason, term, 10 + offset)


@pytest.mark.parametrize("name", ["redirect", "exp"])
def test_modifier_may_stand_only_once(name: str) -> None:
    with pytest.raises(SpfSyntaxError, match="repeated-modifier"):
        parse(f"v=spf1 {name}=a.example.fi {name}=b.example.fi")


def test_unknown_modifier_changes_nothing() -> None:
    assert names("v=spf1 x-note=what:ever/this -all") == ["x-note", "all"]


@pytest.mark.parametrize(
    ("spec", "expanded"),
    [
        ("_spf.%{d}", "_spf.mail.example.fi"),
        ("%{d2}", "example.fi"),
        ("%{dr}", "fi.example.mail"),
        ("%{d1r}.x.fi", "mail.x.fi"),
        ("%{o}", "example.fi"),
        ("a%%b%_c%-d.fi", "a%b c%20d.fi"),
        ("%{d}.%{i}", None),
        ("%{p}", None),
    ],
)
def test_macros_of_the_domain_are_filled_in_and_those_of_the_sender_are_not(spec: str, expanded: str | None) -> None:
    parsed = parse_domain_spec(spec, spec, 0)
    assert parsed.expand({"d": "mail.example.fi", "o": "example.fi"}) == expanded


def test_capital_macro_is_escaped_and_splits_where_it_says() -> None:
    assert parse_domain_spec("%{L1r-}.fi", "", 0).expand({"l": "a b-c d"}) == "a%20b.fi"


def test_long_name_loses_labels_from_the_left() -> None:
    long = ".".join(["x" * 60] * 5) + ".fi"
    assert query_name(long) == ".".join(["x" * 60] * 4) + ".fi"


@pytest.mark.parametrize("text", ["a..fi", "x" * 64 + ".fi", ".fi", "x" * 300])
def test_name_that_no_question_carries(text: str) -> None:
    assert query_name(text) is None


@given(st.lists(PIECES).map("".join) | st.text())
def test_any_text_parses_or_says_where_it_breaks(text: str) -> None:
    record = f"v=spf1 {text}"
    found = parse_terms(record)
    for term in found:
        wrong = term.term if isinstance(term, SpfSyntaxError) else term.text
        assert wrong in record
        assert 0 <= term.position <= len(record)
    errors = [term for term in found if isinstance(term, SpfSyntaxError)]
    if not errors:
        assert parse(record).terms == found
        return
    with pytest.raises(SpfSyntaxError) as caught:
        parse(record)
    assert (caught.value.reason, caught.value.position) == (errors[0].reason, errors[0].position)
