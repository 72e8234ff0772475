import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.dns_query import PAYLOAD, TYPES, dns_query, wire_name


@pytest.mark.parametrize("rdtype", TYPES)
@pytest.mark.parametrize("signatures", [False, True])
@pytest.mark.parametrize("checking", [False, True])
def test_query_is_what_a_library_of_dns_would_ask(rdtype: str, *, signatures: bool, checking: bool) -> None:
    flags = dns.flags.RD if checking else dns.flags.RD | dns.flags.CD
    theirs = dns.message.make_query(
        "_dmarc.kahvila.fi", rdtype, flags=flags, want_dnssec=signatures, payload=PAYLOAD, id=4711
    )
    assert dns_query(4711, "_dmarc.kahvila.fi", rdtype, signatures=signatures, checking=checking) == theirs.to_wire()


@pytest.mark.parametrize(
    "name", [".", "fi", "kahvila.fi.", r"a\.b.fi", r"a\046b.fi", r"\000.fi", r"fi\.", "-._a.*.fi", "a b.fi"]
)
def test_name_is_written_as_a_library_of_dns_would(name: str) -> None:
    assert wire_name(name) == dns.name.from_text(name).to_wire()


@pytest.mark.parametrize(
    "name",
    ["", "..", ".fi", "a..fi", "fi..", "a" * 64 + ".fi", "abc." * 64, "\\", r"a\1", r"a\1x", r"a\256.fi", "ä.fi"],
)
def test_what_is_no_name_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|character|ascii"):
        wire_name(name)


@given(st.text(st.sampled_from("aZ09-_.\\ *@"), min_size=1, max_size=80).filter(lambda name: name != "@"))
def test_any_name_is_read_as_a_library_of_dns_would(name: str) -> None:
    try:
        theirs = dns.name.from_text(name).to_wire()
    except dns.exception.DNSException:
        with pytest.raises(ValueError, match=r"name|character"):
            wire_name(name)
    else:
        assert wire_name(name) == theirs
