import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.contract import Status
from checks.mail import dmarc
from checks.mail.dmarc_policy import CHECK
from tests.checks.zone import DOMAIN, Zone, mended, outcome, told, verdict, with_mail, without_mail

PLACE = f"_dmarc.{DOMAIN}"
REPORTS = f"rua=mailto:dmarc@{DOMAIN}"


def rule(tags: str) -> Zone:
    return with_mail("v=spf1 mx -all").add(PLACE, "TXT", f"v=DMARC1; {tags}")


def unused(tags: str) -> Zone:
    return without_mail("v=spf1 -all").add(PLACE, "TXT", f"v=DMARC1; {tags}")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (rule("p=reject"), "enforced"),
        (rule("p=quarantine"), "enforced"),
        (rule("p=reject; sp=quarantine; np=reject"), "enforced"),
        (rule("p=none"), "none"),
        (rule("p=none; t=y"), "none"),
        (rule("rua=mailto:a@example.fi"), "none"),
        (unused("p=none"), "none-unused"),
        (rule("p=quarantine; t=y"), "test-mode"),
        (rule("p=reject; t=y"), "test-mode"),
        (rule("p=reject; pct=25"), "partly"),
        (rule("p=quarantine; pct=0"), "partly"),
        (rule("p=reject; pct=100"), "enforced"),
        (rule("p=reject; pct=many"), "enforced"),
        (rule("p=reject; pct=25; t=y"), "test-mode"),
        (rule("p=reject; sp=none"), "weaker-subdomains"),
        (rule("p=reject; np=none"), "weaker-subdomains"),
        (with_mail(), "no-dmarc"),
        (rule("p=rejct"), "no-dmarc"),
        (rule("p=reject").add(PLACE, "TXT", "v=DMARC1; p=none"), "no-dmarc"),
    ],
)
def test_outcome(zone: Zone, expected: str) -> None:
    assert outcome(CHECK, zone) == expected


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        (rule("p=none; rua=mailto:a@b.fi; pct=50; adkim=s"), "v=DMARC1; p=quarantine; rua=mailto:a@b.fi; adkim=s"),
        (rule("p=none; sp=none; t=y"), f"v=DMARC1; p=quarantine; {REPORTS}"),
        (rule("p=none; sp=reject; rua=mailto:a@b.fi"), "v=DMARC1; p=quarantine; sp=reject; rua=mailto:a@b.fi"),
        (rule("p=bad; rua=mailto:a@b.fi"), "v=DMARC1; p=quarantine; rua=mailto:a@b.fi"),
        (unused("p=none"), "v=DMARC1; p=reject"),
        (rule("p=reject; t=y; rua=mailto:a@b.fi"), "v=DMARC1; p=reject; rua=mailto:a@b.fi"),
        (rule("p=reject; pct=25; rua=mailto:a@b.fi"), "v=DMARC1; p=reject; rua=mailto:a@b.fi"),
        (rule("p=reject; sp=none; np=none; rua=mailto:a@b.fi"), "v=DMARC1; p=reject; rua=mailto:a@b.fi"),
    ],
)
def test_fix_mends_the_finding(zone: Zone, value: str) -> None:
    assert mended(CHECK, zone) == (value,)


def test_subdomain_without_a_record_gets_one_of_its_own() -> None:
    zone = rule("p=reject; sp=none; rua=mailto:a@example.fi").add(f"shop.{DOMAIN}", "MX", f"1 mx.{DOMAIN}.")
    assert outcome(CHECK, zone, f"shop.{DOMAIN}") == "none"
    assert mended(CHECK, zone, f"shop.{DOMAIN}") == ("v=DMARC1; p=quarantine; rua=mailto:a@example.fi",)
    assert zone.records[(PLACE, "TXT")] == ["v=DMARC1; p=reject; sp=none; rua=mailto:a@example.fi"]


def test_registrys_report_address_is_not_copied() -> None:
    zone = with_mail("v=spf1 mx -all").add("_dmarc.fi", "TXT", "v=DMARC1; p=none; psd=y; rua=mailto:r@registry.fi")
    assert mended(CHECK, zone) == (f"v=DMARC1; p=quarantine; {REPORTS}",)


def test_exception_for_subdomains_does_not_count_below_another_record() -> None:
    shop = f"shop.{DOMAIN}"
    zone = rule("p=reject").add(f"_dmarc.{shop}", "TXT", "v=DMARC1; p=reject; sp=none")
    assert outcome(CHECK, zone, shop) == "enforced"
    zone.records[(f"_dmarc.{shop}", "TXT")] = ["v=DMARC1; p=reject; sp=none; psd=n"]
    assert outcome(CHECK, zone, shop) == "weaker-subdomains"


def test_exception_is_not_held_against_a_domain_while_the_names_above_are_silent() -> None:
    zone = rule("p=reject; sp=none")
    zone.silent.add(("_dmarc.fi", "TXT"))
    assert outcome(CHECK, zone) == "enforced"


def test_record_that_is_kept_elsewhere_is_changed_there() -> None:
    zone = with_mail("v=spf1 mx -all").add("example.reports.net", "TXT", "v=DMARC1; p=none; rua=mailto:a@reports.net")
    zone.aliases[PLACE] = "example.reports.net"
    assert [record.name for record in verdict(CHECK, zone).records] == ["example.reports.net"]


def test_silence_is_unknown() -> None:
    zone = with_mail()
    zone.silent.add((PLACE, "TXT"))
    assert outcome(CHECK, zone) == "dns-timeout"


TAGS = st.sampled_from(
    ["p=none", "p=reject", "P=Quarantine", "p=x", "sp=none", "sp=x", "np=none", "t=y", "psd=n", "psd=y", "pct=5", "x",
     "rua=mailto:a@b.fi", "rua=nobody", ""]
)  # fmt: skip
TXT = st.builds(
    "{}{}{}".format,
    st.sampled_from(["v=DMARC1; ", "v=dmarc1;", "v=DMARC1 ", "x"]),
    st.lists(TAGS, max_size=5).map("; ".join),
    st.sampled_from(["", ";"]),
)
NAMES = st.sampled_from([PLACE, DOMAIN, "_dmarc.fi"])


@given(st.dictionaries(NAMES, st.lists(TXT, max_size=2, unique=True)), st.sets(NAMES), st.booleans())
def test_any_records_are_judged_and_mended_fault_by_fault(
    records: dict[str, list[str]],
    silent: set[str],
    takes_mail: bool,  # noqa: FBT001 - drawn
) -> None:
    zone = with_mail() if takes_mail else without_mail()
    for name, texts in records.items():
        zone.add(name, "TXT", *texts)
    zone.silent = {(name, "TXT") for name in silent}
    before: list[str] = []
    checks = (dmarc.CHECK, CHECK)
    while faults := [found for check in checks if told(check, found := verdict(check, zone)).status is Status.FAIL]:
        before.append(faults[0].outcome.name)
        assert before.count(faults[0].outcome.name) == 1
        zone.apply(faults[0].records)
        assert not any("pct" in change.value for change in faults[0].records if change.action != "remove")
