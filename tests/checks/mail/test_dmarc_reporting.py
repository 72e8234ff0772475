import pytest

from checks.contract import Evidence, Record, Verdict
from checks.evidence.dmarc import DmarcReportHosts, DmarcWalk, ReportHost
from checks.evidence.inboxes import Inbox
from checks.evidence.mail import MailRouting
from checks.mail.dmarc_reporting import CHECK
from checks.records.dmarc_discovery import discover
from checks.records.dmarc_reports import destinations
from tests.checks.telling import told
from tests.checks.zone import DOMAIN, Zone, with_mail, without_mail

PLACE = f"_dmarc.{DOMAIN}"
OWN = f"rua=mailto:dmarc@{DOMAIN}"


def rule(tags: str, zone: Zone | None = None) -> Zone:
    found = (zone or with_mail()).add(PLACE, "TXT", f"v=DMARC1; {tags}")
    for host in ("other.fi", "third.fi", "mail.example.fi"):
        found.add(host, "MX", f"10 mx.{host}.")
    return found


def without_inbox(host: str, zone: Zone, *mx: str) -> Zone:
    del zone.records[host, "MX"]
    return zone.add(host, "MX", *mx) if mx else zone


def evidence(zone: Zone, domain: str) -> Evidence:
    """As the gatherer asks: about every host of a report address but the record's own domain."""
    walk = zone.dmarc(domain)
    step = discover(walk.steps).step
    hosts = {}
    for each in destinations(step.record) if step and step.record else ():
        if step and each.host != step.domain:
            permission = zone.answer((f"{step.domain}._report._dmarc.{each.host}", "TXT"))
            mx = zone.answer((each.host, "MX"))
            own = zone.addresses(each.host) if mx.answered and not mx.records else None
            hosts[each.host] = ReportHost(zone.dmarc(each.host).steps, permission, Inbox(mx, own))
    parts = {DmarcWalk: walk, MailRouting: zone.routing(domain), DmarcReportHosts: DmarcReportHosts(hosts)}
    return Evidence(domain, parts)


def verdict(zone: Zone, domain: str = DOMAIN) -> Verdict:
    (only,) = CHECK.judge(evidence(zone, domain))
    assert only.subject == domain
    told(CHECK, domain, only)
    return only


def silent(name: str, zone: Zone, rdtype: str = "TXT") -> Zone:
    zone.silent.add((name, rdtype))
    return zone


OTHER = "p=reject; rua=mailto:a@other.fi"
ALLOWING = f"{DOMAIN}._report._dmarc.other.fi"
CASES = [
    ("reported", rule(f"p=reject; {OWN}")),
    ("reported", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1")),
    ("reported", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1; rua=mailto:b@other.fi;")),
    ("reported", rule("p=reject; rua=mailto:a@mail.example.fi")),
    ("reported", rule("p=none; rua=mailto:a@example.fi; ruf=mailto:a@example.fi")),
    ("absent", rule("p=reject")),
    ("absent", rule("p=none; ruf=mailto:a@example.fi")),
    ("no-inbox", rule("p=reject", without_mail())),
    ("malformed", rule("p=reject; rua=a@example.fi")),
    ("malformed", rule("p=reject; rua=mailto:a@example.fi; ruf=b@example.fi")),
    ("malformed", rule("p=reject; rua=https://other.fi/")),
    ("not-allowed", rule(OTHER)),
    ("not-allowed", rule(OTHER).add(ALLOWING, "TXT", "v=spf1 -all")),
    ("not-allowed", rule("p=reject; rua=mailto:a@example.fi; ruf=mailto:a@other.fi")),
    ("not-allowed", silent("_dmarc.third.fi", rule(f"{OTHER},mailto:b@third.fi"))),
    ("not-taken", without_inbox("other.fi", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1"))),
    ("not-taken", without_inbox("other.fi", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1"), "0 .")),
    ("not-taken", without_inbox("mail.example.fi", rule("p=reject; rua=mailto:a@mail.example.fi"))),
    ("not-allowed", without_inbox("third.fi", rule(f"{OTHER},mailto:b@third.fi"))),
    # Mail goes to the host itself where it has no MX record, and nowhere is only what was answered.
    (
        "reported",
        without_inbox("other.fi", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1").add("other.fi", "A", "192.0.2.9")),
    ),
    ("reported", without_inbox("other.fi", silent("other.fi", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1"), "MX"))),
    ("reported", without_inbox("other.fi", silent("other.fi", rule(OTHER).add(ALLOWING, "TXT", "v=DMARC1"), "A"))),
    ("dns-timeout", silent(ALLOWING, rule(OTHER))),
    ("dns-timeout", silent("_dmarc.other.fi", rule(OTHER))),
    ("dns-timeout", silent(PLACE, with_mail())),
    ("no-dmarc", with_mail()),
    ("no-dmarc", rule("p=rejct")),
    ("no-dmarc", rule(OTHER).add(PLACE, "TXT", "v=DMARC1; p=none")),
]


@pytest.mark.parametrize(("outcome", "zone"), CASES)
def test_outcome(outcome: str, zone: Zone) -> None:
    assert verdict(zone).outcome.name == outcome


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()


def test_organisation_of_another_subdomain_needs_no_permission() -> None:
    zone = rule("p=reject").add(f"_dmarc.shop.{DOMAIN}", "TXT", f"v=DMARC1; p=none; rua=mailto:a@post.{DOMAIN}")
    zone.add(f"shop.{DOMAIN}", "MX", f"1 mx.{DOMAIN}.").add(f"post.{DOMAIN}", "MX", f"1 mx.{DOMAIN}.")
    assert verdict(zone, f"shop.{DOMAIN}").outcome.name == "reported"


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        (rule("p=reject; adkim=s; rf=afrf; ri=3600"), f"p=reject; adkim=s; {OWN}"),
        (rule("p=none; t=y; ruf=mailto:b@example.fi"), f"p=none; t=y; {OWN}"),
        (rule("p=reject; rua=a@example.fi; np=reject"), "p=reject; np=reject; rua=mailto:a@example.fi"),
        (rule("p=reject; rua=somebody"), f"p=reject; {OWN}"),
        (rule(OTHER), f"p=reject; {OWN}"),
        (rule(f"{OTHER},mailto:b@example.fi; sp=none"), "p=reject; sp=none; rua=mailto:b@example.fi"),
    ],
)
def test_record_that_is_offered_mends_it_and_keeps_the_rest(zone: Zone, value: str) -> None:
    records = verdict(zone).records
    assert records == (Record("replace", PLACE, "TXT", f"v=DMARC1; {value}"),)
    zone.apply(records)
    assert verdict(zone).outcome.name == "reported"


def test_subdomain_that_inherits_a_rule_without_reports_gets_its_own() -> None:
    zone = rule("p=reject; sp=quarantine; adkim=s").add(f"shop.{DOMAIN}", "MX", f"1 mx.{DOMAIN}.")
    found = verdict(zone, f"shop.{DOMAIN}")
    own = f"v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.{DOMAIN}; adkim=s"
    assert found.records == (Record("add", f"_dmarc.shop.{DOMAIN}", "TXT", own),)
    zone.apply(found.records)
    assert verdict(zone, f"shop.{DOMAIN}").outcome.name == "reported"


def test_reports_to_a_registry_are_not_the_firms() -> None:
    zone = with_mail().add("_dmarc.fi", "TXT", "v=DMARC1; p=none; psd=y; rua=mailto:reports@registry.fi")
    assert verdict(zone).outcome.name == "absent"


@pytest.mark.parametrize(
    "zone",
    [
        rule("p=quarantine; pct=20"),  # with it gone, receivers of the old standard would act on every message
        rule(OTHER, without_mail()),  # there is no mailbox to name
    ],
)
def test_nothing_is_offered_that_could_be_wrong(zone: Zone) -> None:
    assert verdict(zone).records == ()


def test_record_in_another_zone_is_left_alone() -> None:
    zone = with_mail().add("dmarc.host.fi", "TXT", "v=DMARC1; p=reject")
    zone.aliases[PLACE] = "dmarc.host.fi"
    assert (verdict(zone).outcome.name, verdict(zone).records) == ("absent", ())
