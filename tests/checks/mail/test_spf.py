import pytest

from checks.mail.spf import CHECK
from tests.checks.zone import DOMAIN, Zone, mended, outcome, verdict, with_mail, without_mail


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (with_mail("v=spf1 mx -all"), "valid"),
        (with_mail("unrelated", "v=spf1 mx -all"), "valid"),
        (without_mail("v=spf1 -all"), "nothing-sent"),
        (with_mail("v=spf1 mx ptr -all"), "uses-ptr"),
        (with_mail(), "absent"),
        (with_mail("unrelated"), "absent"),
        (without_mail(), "absent-unused"),
        (Zone().add(DOMAIN, "NS", "ns.example.net."), "absent-unused"),
        (Zone().add(DOMAIN, "A", "192.0.2.1"), "absent"),
        (with_mail('"v=spf1 mx -all"'), "misspelt"),
        (with_mail("v=spf1 mx -all", "v=spf1 a -all"), "several"),
        (with_mail("v=spf1 mx:192.0.2.1 -all"), "syntax-error"),
        (with_mail("v=spf1 include:gone.fi -all"), "include-broken"),
        (with_mail("v=spf1 redirect=gone.fi"), "include-broken"),
        (with_mail("v=spf1 include:two.fi -all").add("two.fi", "TXT", "v=spf1 a", "v=spf1 mx"), "include-broken"),
        (with_mail("v=spf1 include:bad.fi -all").add("bad.fi", "TXT", "v=spf1 foo"), "include-broken"),
    ],
)
def test_outcome(zone: Zone, expected: str) -> None:
    assert outcome(CHECK, zone) == expected


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        (with_mail(), "v=spf1 mx ~all"),
        (Zone().add(DOMAIN, "A", "192.0.2.1"), "v=spf1 a ~all"),
        (without_mail(), "v=spf1 -all"),
        (with_mail("v=spf1mx -all"), "v=spf1 mx -all"),
        (
            with_mail("v=spf1 mx -all", "v=spf1 include:a.fi ~all").add("a.fi", "TXT", "v=spf1 -all"),
            "v=spf1 mx include:a.fi ~all",
        ),
        (with_mail("v=spf1 mx:192.0.2.1 -all"), "v=spf1 ip4:192.0.2.1 -all"),
        (with_mail("v=spf1 moo -all"), "v=spf1 mx ~all"),
        (with_mail("v=spf1 mx include:gone.fi -all"), "v=spf1 mx ~all"),
        (with_mail("v=spf1 include:gone.fi -all"), "v=spf1 mx ~all"),
        (without_mail("v=spf1 include:gone.fi -all"), "v=spf1 ~all"),
        (without_mail("v=spf1 moo -all"), "v=spf1 ~all"),
        (with_mail("v=spf1 mx redirect=gone.fi"), "v=spf1 mx ~all"),
    ],
)
def test_fix_mends_the_finding(zone: Zone, value: str) -> None:
    assert mended(CHECK, zone) == (value,)


def test_alias_can_have_no_list_of_its_own() -> None:
    shop = f"shop.{DOMAIN}"
    zone = Zone(aliases={shop: "shops.example.net"}).add("shops.example.net", "A", "192.0.2.1")
    found = verdict(CHECK, zone, shop)
    assert (outcome(CHECK, zone, shop), found.records, found.facts) == ("is-alias", (), {"alias": "shops.example.net"})


def test_first_record_names_the_mail_service_that_the_domain_uses() -> None:
    zone = Zone().add(DOMAIN, "MX", "1 example-fi.mail.protection.outlook.com.")
    (record,) = verdict(CHECK, zone).records
    assert record.value == "v=spf1 include:spf.protection.outlook.com ~all"


def test_misspelt_record_is_taken_away() -> None:
    zone = with_mail("spf1 mx -all")
    mended(CHECK, zone)
    assert zone.records[(DOMAIN, "TXT")] == ["v=spf1 mx -all"]


def test_broken_record_in_the_own_zone_is_mended_where_it_stands() -> None:
    zone = with_mail("v=spf1 include:_spf.example.fi -all").add("_spf.example.fi", "TXT", "v=spf1 ipv4:192.0.2.1")
    assert mended(CHECK, zone) == ("v=spf1 ip4:192.0.2.1 ~all",)
    assert zone.records[(DOMAIN, "TXT")] == ["v=spf1 include:_spf.example.fi -all"]


def test_include_that_breaks_further_on_is_named_by_the_owners_own_term() -> None:
    zone = with_mail("v=spf1 mx include:a.fi -all").add("a.fi", "TXT", "v=spf1 include:b.fi")
    found = verdict(CHECK, zone)
    assert (found.facts["terms"], found.facts["target"], found.facts["problem"]) == (["include:a.fi"], "b.fi", "none")


def test_syntax_error_says_which_term_and_where() -> None:
    facts = verdict(CHECK, with_mail("v=spf1 mx ip4:1.2.3 -all")).facts
    assert (facts["term"], facts["reason"], facts["position"]) == ("ip4:1.2.3", "bad-address", 14)


def test_silence_is_not_absence() -> None:
    zone = with_mail()
    zone.silent.add((DOMAIN, "TXT"))
    assert outcome(CHECK, zone) == "dns-timeout"


def test_unknown_mail_routing_never_leads_to_refusing_all_mail() -> None:
    zone = Zone(silent={(DOMAIN, "MX")})
    assert outcome(CHECK, zone) == "absent"
    assert verdict(CHECK, zone).records[0].value == "v=spf1 a ~all"


def test_include_that_does_not_answer_is_not_called_broken() -> None:
    zone = with_mail("v=spf1 include:slow.fi -all")
    zone.silent.add(("slow.fi", "TXT"))
    assert outcome(CHECK, zone) == "valid"
