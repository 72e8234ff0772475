import pytest

from checks.mail.dmarc import CHECK
from tests.checks.zone import DOMAIN, Zone, mended, outcome, verdict, with_mail, without_mail

PLACE = f"_dmarc.{DOMAIN}"
REPORTS = f"rua=mailto:dmarc@{DOMAIN}"


def rule(*texts: str) -> Zone:
    return with_mail("v=spf1 mx -all").add(PLACE, "TXT", *texts)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (rule("v=DMARC1; p=reject"), "present"),
        (rule("v=DMARC1; rua=mailto:a@example.fi"), "present"),
        (rule("unrelated", "v=DMARC1; p=none"), "present"),
        (with_mail(), "absent"),
        (rule("unrelated"), "absent"),
        (Zone().add(DOMAIN, "A", "192.0.2.1"), "absent-no-inbox"),
        (without_mail("v=spf1 include:news.fi -all"), "absent-no-inbox"),
        (without_mail(), "absent-unused"),
        (without_mail("v=spf1 -all"), "absent-unused"),
        (rule("v=DMARC1; p=none", "v=DMARC1; p=reject"), "several"),
        (rule("v=dmarc1; p=reject"), "invalid"),
        (rule("v=DMARC1; p=rejct"), "invalid"),
        (rule("v=DMARC1; p=reject; p=none"), "invalid"),
        (with_mail("v=DMARC1; p=reject"), "misplaced"),
    ],
)
def test_outcome(zone: Zone, expected: str) -> None:
    assert outcome(CHECK, zone) == expected


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        (with_mail(), f"v=DMARC1; p=none; {REPORTS}"),
        (Zone().add(DOMAIN, "A", "192.0.2.1"), "v=DMARC1; p=none"),
        (without_mail(), "v=DMARC1; p=reject"),
        (rule("v=DMARC1; p=none", "v=DMARC1; p=reject"), f"v=DMARC1; p=none; {REPORTS}"),
        (rule("v=dmarc1; p=reject; rua=mailto:x@y.fi"), "v=DMARC1; p=none; rua=mailto:x@y.fi"),
        (rule("v=DMARC1; p=rejct"), f"v=DMARC1; p=none; {REPORTS}"),
        (with_mail("v=DMARC1; p=reject; rua=mailto:x@y.fi"), "v=DMARC1; p=none; rua=mailto:x@y.fi"),
    ],
)
def test_fix_mends_the_finding(zone: Zone, value: str) -> None:
    assert mended(CHECK, zone) == (value,)


def test_misplaced_record_is_taken_away_from_the_domain_itself() -> None:
    zone = with_mail("v=spf1 mx -all", "v=DMARC1; p=reject")
    mended(CHECK, zone)
    assert zone.records[(DOMAIN, "TXT")] == ["v=spf1 mx -all"]
    assert zone.records[(PLACE, "TXT")] == [f"v=DMARC1; p=none; {REPORTS}"]


def test_subdomain_inherits() -> None:
    zone = rule("v=DMARC1; p=reject; sp=quarantine")
    assert outcome(CHECK, zone, f"shop.{DOMAIN}") == "inherited"
    facts = verdict(CHECK, zone, f"shop.{DOMAIN}").facts
    assert (facts["policy"], facts["found_at"]) == ("quarantine", DOMAIN)


def test_subdomain_of_a_domain_whose_record_does_not_count_gets_its_own() -> None:
    zone = rule("v=DMARC1; p=rejct")
    assert outcome(CHECK, zone, f"shop.{DOMAIN}") in {"absent-unused", "absent"}


@pytest.mark.parametrize("name", [PLACE, "_dmarc.fi"])
def test_silence_is_not_absence(name: str) -> None:
    zone = with_mail()
    zone.silent.add((name, "TXT"))
    assert outcome(CHECK, zone) == "dns-timeout"


def test_own_record_stands_whatever_is_silent_above() -> None:
    zone = rule("v=DMARC1; p=none")
    zone.silent.add(("_dmarc.fi", "TXT"))
    assert outcome(CHECK, zone) == "present"


def test_domain_whose_spf_did_not_answer_is_not_advised_to_refuse_everything() -> None:
    zone = without_mail()
    zone.silent.add((DOMAIN, "TXT"))
    assert outcome(CHECK, zone) == "absent-no-inbox"
