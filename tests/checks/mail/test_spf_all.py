import pytest

from checks.mail.spf_all import CHECK
from tests.checks.zone import DOMAIN, Zone, mended, outcome, with_mail, without_mail


def other(record: str, name: str = "other.net") -> Zone:
    """A domain that hands over to another name's policy."""
    return with_mail(f"v=spf1 mx redirect={name}").add(name, "TXT", record)


def including(record: str, name: str = "other.net") -> Zone:
    return with_mail(f"v=spf1 mx include:{name} -all").add(name, "TXT", record)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (with_mail("v=spf1 mx -all"), "strict"),
        (with_mail("v=spf1 mx ~ALL"), "soft"),
        (with_mail("v=spf1 mx +all"), "anyone"),
        (with_mail("v=spf1 mx all"), "anyone"),
        (with_mail("v=spf1 ip4:0.0.0.0/0 -all"), "anyone"),
        (with_mail("v=spf1 mx ?all"), "neutral"),
        (with_mail("v=spf1 mx"), "missing"),
        (other("v=spf1 -all"), "strict"),
        (other("v=spf1 a"), "missing"),
        (other("v=spf1 +all"), "anyone"),
        (including("v=spf1 +all"), "anyone"),
        (including("v=spf1 ?all"), "strict"),
        (with_mail("v=spf1 redirect=%{l}.example.fi"), "depends-on-sender"),
        (with_mail(f"v=spf1 redirect={DOMAIN}"), "no-spf"),
        (with_mail("v=spf1 include:gone.fi +all"), "no-spf"),
        (with_mail(), "no-spf"),
    ],
)
def test_outcome(zone: Zone, expected: str) -> None:
    assert outcome(CHECK, zone) == expected


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        (with_mail("v=spf1 mx +all"), "v=spf1 mx ~all"),
        (with_mail("v=spf1 all mx -all"), "v=spf1 mx -all"),
        (with_mail("v=spf1 mx ip4:0.0.0.0/0 -all"), "v=spf1 mx -all"),
        (with_mail("v=spf1 mx ?all"), "v=spf1 mx ~all"),
        (with_mail("v=spf1 mx"), "v=spf1 mx ~all"),
        (without_mail("v=spf1"), "v=spf1 -all"),
        (other("v=spf1 a"), "v=spf1 mx include:other.net ~all"),
        (other("v=spf1 +all"), "v=spf1 mx ~all"),
        (other("v=spf1 a", f"_spf.{DOMAIN}"), "v=spf1 a ~all"),
        (including("v=spf1 +all"), "v=spf1 mx -all"),
        (including("v=spf1 a +all", f"_spf.{DOMAIN}"), "v=spf1 a ~all"),
        (with_mail("v=spf1 mx ?include:other.net -all").add("other.net", "TXT", "v=spf1 +all"), "v=spf1 mx -all"),
    ],
)
def test_fix_mends_the_finding(zone: Zone, value: str) -> None:
    assert mended(CHECK, zone) == (value,)


def test_redirect_that_does_not_answer_is_unknown() -> None:
    zone = other("v=spf1 -all")
    zone.silent.add(("other.net", "TXT"))
    assert outcome(CHECK, zone) == "dns-timeout"


def test_silence_is_unknown() -> None:
    zone = with_mail()
    zone.silent.add((DOMAIN, "TXT"))
    assert outcome(CHECK, zone) == "dns-timeout"
