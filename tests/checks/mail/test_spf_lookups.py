import pytest

from checks.mail.spf_lookups import CHECK
from tests.checks.zone import DOMAIN, Zone, mended, outcome, verdict, with_mail


def heavy(lookups: int) -> Zone:
    """One include that takes half of the look-ups, and the rest at the domain itself."""
    inner = lookups // 2
    zone = with_mail("v=spf1 include:news.fi" + "".join(f" a:h{n}.fi" for n in range(lookups - inner)) + " -all")
    zone.add("news.fi", "TXT", "v=spf1" + "".join(f" a:i{n}.fi" for n in range(inner - 1)) + " -all")
    for count in range(lookups):
        zone.add(f"h{count}.fi", "A", "192.0.2.1").add(f"i{count}.fi", "A", "192.0.2.1")
    return zone


def void(names: int) -> Zone:
    return with_mail("v=spf1 mx" + "".join(f" a:gone{n}.fi" for n in range(names)) + " -all")


def loop() -> Zone:
    return with_mail("v=spf1 mx include:a.fi -all").add("a.fi", "TXT", "v=spf1 include:a.fi")


def many_servers() -> Zone:
    zone = with_mail("v=spf1 a:mx.example.fi mx:big.fi -all")
    return zone.add("big.fi", "MX", *(f"1 m{count}.fi." for count in range(11)))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (heavy(10), "within-limit"),
        (heavy(11), "too-many"),
        (void(2), "within-limit"),
        (void(3), "too-many-void"),
        (loop(), "loop"),
        (with_mail(f"v=spf1 redirect={DOMAIN}"), "loop"),
        (many_servers(), "too-many-mail-servers"),
        (with_mail(), "no-spf"),
        (with_mail("v=spf1 foo"), "no-spf"),
        (with_mail("v=spf1 include:gone.fi -all"), "no-spf"),
    ],
)
def test_outcome(zone: Zone, expected: str) -> None:
    assert outcome(CHECK, zone) == expected


def test_verdict_names_the_include_to_drop_and_the_whole_repaired_record() -> None:
    zone = heavy(12)
    found = verdict(CHECK, zone)
    assert (found.facts["lookups"], found.facts["dropped"]) == (12, ["include:news.fi"])
    assert mended(CHECK, zone) == ("v=spf1" + "".join(f" a:h{n}.fi" for n in range(6)) + " ~all",)


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        (void(3), "v=spf1 mx -all"),
        (loop(), "v=spf1 mx ~all"),
        (many_servers(), "v=spf1 a:mx.example.fi ~all"),
        (with_mail(f"v=spf1 mx redirect={DOMAIN}"), "v=spf1 mx ~all"),
    ],
)
def test_fix_mends_the_finding(zone: Zone, value: str) -> None:
    assert mended(CHECK, zone) == (value,)


def test_record_that_is_one_heavy_include_falls_back_to_the_mail_servers() -> None:
    zone = with_mail("v=spf1 include:news.fi -all")
    zone.add("news.fi", "TXT", "v=spf1" + " a:mx.example.fi" * 10 + " -all")
    assert mended(CHECK, zone) == ("v=spf1 mx ~all",)


def test_include_that_does_not_answer_leaves_the_count_open() -> None:
    zone = heavy(8)
    zone.silent.add(("news.fi", "TXT"))
    assert outcome(CHECK, zone) == "include-silent"
    assert verdict(CHECK, zone).facts["silent"] == ["news.fi"]


def test_too_many_is_proven_even_where_an_include_is_silent() -> None:
    zone = heavy(22)
    zone.silent.add(("news.fi", "TXT"))
    assert outcome(CHECK, zone) == "too-many"
    assert verdict(CHECK, zone).facts["dropped"]


def test_one_address_without_an_answer_does_not_matter() -> None:
    zone = void(1)
    zone.silent.add(("gone0.fi", "A"))
    assert outcome(CHECK, zone) == "within-limit"


def test_addresses_without_an_answer_matter_where_they_could_be_one_too_many() -> None:
    zone = void(3)
    zone.silent.add(("gone0.fi", "A"))
    assert outcome(CHECK, zone) == "include-silent"


def test_silence_is_unknown() -> None:
    zone = with_mail()
    zone.silent.add((DOMAIN, "TXT"))
    assert outcome(CHECK, zone) == "dns-timeout"
