import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.dmarc import compose, is_dmarc, looks_like_dmarc, parse, respelt
from checks.records.dmarc_discovery import discover, walk_names
from tests.checks.zone import Zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=DMARC1; p=none", True),
        ("V = DMARC1 ;p=none", True),
        ("v=DMARC1", True),
        ("v=dmarc1; p=none", False),
        ("v=DMARC1 p=none", False),
        ("v=DMARC10; p=none", False),
        (" v=DMARC1; p=none", False),
        ("p=none; v=DMARC1", False),
    ],
)
def test_version_comes_first_and_in_capitals(text: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_dmarc(text) is expected


def test_tags_have_their_defaults_and_order_does_not_matter() -> None:
    record = parse("v=DMARC1; rua=mailto:a@example.fi; P=Reject;")
    assert (record.policy, record.subdomain_policy, record.nowhere_policy) == ("reject", "reject", "reject")
    assert (record.testing, record.boundary, record.reports_to) == (False, "u", ("mailto:a@example.fi",))


def test_subdomains_have_policies_of_their_own() -> None:
    record = parse("v=DMARC1; p=reject; sp=quarantine; np=none; t=y; psd=n")
    assert (record.policy, record.subdomain_policy, record.nowhere_policy) == ("reject", "quarantine", "none")
    assert (record.testing, record.boundary) == (True, "n")


@pytest.mark.parametrize(
    ("tags", "usable", "policy"),
    [
        ("rua=mailto:a@example.fi", True, "none"),
        ("p=rejct; rua=mailto:a@example.fi", True, "none"),
        ("p=reject; sp=nothing; rua=mailto:a@example.fi", True, "none"),
        ("p=reject; np=x", False, "none"),
        ("p=rejct", False, "none"),
        ("", False, "none"),
        ("rua=a@example.fi", False, "none"),
        ("p=reject; p=none", False, "reject"),
        ("p=reject; unknown=1; pct=50; nonsense", True, "reject"),
    ],
)
def test_faulty_policy_counts_only_for_its_reports(tags: str, usable: bool, policy: str) -> None:  # noqa: FBT001
    record = parse(f"v=DMARC1; {tags}")
    assert (record.usable, record.policy) == (usable, policy)


def test_several_report_addresses_and_old_size_limits() -> None:
    record = parse("v=DMARC1; p=none; rua=mailto:a@example.fi!10m, mailto:nobody ,https://r.example.fi/x")
    assert record.reports_to == ("mailto:a@example.fi!10m", "https://r.example.fi/x")


@pytest.mark.parametrize(
    ("meant", "policy"),
    [
        ("v=dmarc1; p=reject", "reject"),
        ('"v=DMARC1; p=quarantine"', "quarantine"),
        ("v=DMARC1 p=reject rua=mailto:a@example.fi", "reject"),
        ("v=DMARC1, p=reject, rua=mailto:a@example.fi", "reject"),
        ("v=DMARC; p=reject", "reject"),
    ],
)
def test_misspelt_record_is_understood(meant: str, policy: str) -> None:
    assert looks_like_dmarc(meant)
    assert respelt(meant).policy == policy


def test_composed_record_leaves_out_what_the_standard_dropped() -> None:
    assert compose(parse("v=DMARC1;p=none;pct=50;rf=afrf;ri=86400;adkim=s").tags) == "v=DMARC1; p=none; adkim=s"


@given(st.text(alphabet="vDMARC1=; pnoersjct\t:@,!") | st.text())
def test_any_text_is_read_without_a_word(text: str) -> None:
    record = parse(f"v=DMARC1;{text}")
    assert record.policy in {"none", "quarantine", "reject"}
    again = compose(record.tags)
    assert is_dmarc(again)
    assert parse(again).repeated == ()


def test_walk_asks_at_most_eight_names() -> None:
    assert walk_names("a.mail.example.fi") == ("a.mail.example.fi", "mail.example.fi", "example.fi", "fi")
    assert walk_names("a.b.c.d.e.f.g.h.i.j.mail.example.com") == (
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    )


@pytest.mark.parametrize(
    ("records", "found", "policy"),
    [
        ({"a.mail.example.fi": "p=none", "example.fi": "p=reject"}, "a.mail.example.fi", "none"),
        ({"mail.example.fi": "p=none", "example.fi": "p=reject"}, "example.fi", "reject"),
        ({"mail.example.fi": "p=none; psd=n", "example.fi": "p=reject"}, "mail.example.fi", "none"),
        ({"example.fi": "p=reject; sp=quarantine; np=none"}, "example.fi", "quarantine"),
        ({"example.fi": "p=none", "fi": "p=reject; psd=y"}, "example.fi", "none"),
        ({"mail.example.fi": "p=none", "fi": "p=reject; psd=y"}, "fi", "reject"),
        ({"fi": "p=reject; psd=y"}, "fi", "reject"),
        ({}, None, "none"),
    ],
)
def test_record_that_applies(records: dict[str, str], found: str | None, policy: str) -> None:
    zone = Zone()
    for name, tags in records.items():
        zone.add(f"_dmarc.{name}", "TXT", f"v=DMARC1; {tags}")
    discovery = discover(zone.dmarc("a.mail.example.fi").steps)
    assert (discovery.step.domain if discovery.step else None, discovery.policy) == (found, policy)


def test_several_records_count_as_none() -> None:
    zone = Zone().add("_dmarc.mail.example.fi", "TXT", "v=DMARC1; p=none", "v=DMARC1; p=reject")
    assert discover(zone.dmarc("mail.example.fi").steps).step is None


def test_silence_above_leaves_it_open_unless_the_walk_ends_before() -> None:
    zone = Zone(silent={("_dmarc.fi", "TXT")})
    assert discover(zone.dmarc("example.fi").steps).unanswered is not None
    zone.add("_dmarc.example.fi", "TXT", "v=DMARC1; p=none; psd=n")
    assert discover(zone.dmarc("www.example.fi").steps).unanswered is None
